import type { Configuration } from './configuration.js';
import type { Fault } from './fault.js';
import { suggestion } from './suggestion.js';

/** Types of authorization details that clients list and nobody declared, and APIs that types name and nobody declared. */
export function authorizationDetailFaults(configuration: Configuration): Fault[] {
  const types = configuration.authorizationDetailTypes.map(({ type }) => type);
  const resources = configuration.apiResources.map(({ name }) => name);
  return [
    ...configuration.authorizationDetailTypes.flatMap(({ resource: value }, index) =>
      value === undefined || resources.includes(value)
        ? []
        : [
            {
              path: `authorizationDetailTypes[${index}].resource`,
              value,
              problem: `is no API resource: declare it in apiResources, or leave it out${suggestion(value, resources)}`,
            },
          ],
    ),
    ...configuration.clients.flatMap(({ authorizationDetailsTypes }, index) =>
      authorizationDetailsTypes
        .filter((type) => !types.includes(type))
        .map((value) => ({
          path: `clients[${index}].authorizationDetailsTypes`,
          value,
          problem: `is no type of authorization details: declare it in authorizationDetailTypes${suggestion(value, types)}`,
        })),
    ),
  ];
}
