import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DetailRules } from '@tessera/grant-types';
import type { AuthorizationDetail, AuthorizationDetailType, DetailSchema, Fault } from '@tessera/resource-model';
import { Ajv2019, type ErrorObject, type ValidateFunction } from 'ajv/dist/2019.js';
import { closed } from './closed-schema.js';

/** Compiled once for each type, as long as the type is configured. */
const compiled = new WeakMap<AuthorizationDetailType, ValidateFunction>();

/** A detail is what the JSON Schema of its type says; asked for again, it lies within one that is equal to it. */
@Injectable()
export class JsonSchemaDetailRules extends DetailRules {
  faultOf(type: AuthorizationDetailType, { type: _name, ...members }: AuthorizationDetail): string | undefined {
    const validate = validatorOf(type);
    return validate(members) ? undefined : problemOf(validate.errors?.[0]);
  }

  isWithin(_type: AuthorizationDetailType, asked: AuthorizationDetail, granted: AuthorizationDetail): boolean {
    return isDeepStrictEqual(asked, granted);
  }
}

/** Objects that are no schemas; what is no object the rules of the model find. */
export function detailSchemaFaults(types: readonly AuthorizationDetailType[]): Fault[] {
  return types.flatMap((type, index) => {
    if (typeof type.schema !== 'object' || type.schema === null) return [];
    try {
      validatorOf(type);
      return [];
    } catch (error) {
      const problem = `is no usable JSON Schema (2019-09, without references to other documents): ${(error as Error).message}`;
      return [{ path: `authorizationDetailTypes[${index}].schema`, value: type.schema, problem }];
    }
  });
}

function validatorOf(type: AuthorizationDetailType): ValidateFunction {
  let validate = compiled.get(type);
  if (!validate) compiled.set(type, (validate = compile(type.schema)));
  return validate;
}

/** One validator knows one schema, so that no schema can refer to another; and nothing is ever fetched. */
function compile(schema: DetailSchema): ValidateFunction {
  if ('$async' in schema) throw new Error('$async is not supported');
  // What is required may be declared beside, in allOf for instance. The first fault ends the search.
  const ajv = new Ajv2019({ strict: true, strictTypes: false, strictRequired: false, allErrors: false, logger: false });
  return ajv.compile(closed({ type: 'object', ...schema }));
}

/** Where and what, without the values: they came from a stranger. */
function problemOf(error: ErrorObject | undefined): string {
  if (!error) return 'it is not valid';
  const { unevaluatedProperty, additionalProperty } = error.params as Record<string, string | undefined>;
  const extra = unevaluatedProperty ?? additionalProperty;
  const what = extra === undefined ? (error.message ?? 'is not valid') : `has no member '${extra.slice(0, 40)}'`;
  return `${error.instancePath.slice(0, 100).replaceAll('/', '.').replace(/^\./, '') || 'it'} ${what}`;
}
