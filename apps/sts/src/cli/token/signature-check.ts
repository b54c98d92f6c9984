import { readFileSync } from 'node:fs';
import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { CliFault } from '../cli-fault.js';
import { fetchIssuerKeys } from '../http/issuer-documents.js';
import { fetchTrusting, readAuthorities } from '../http/trusting-fetch.js';
import type { DecodedToken } from './decoded-token.js';

/** Whether the signature is right, as far as anybody asked. */
export interface SignatureCheck {
  readonly status: 'valid' | 'invalid' | 'not checked';
  /** By which key of which set; or why not. */
  readonly detail: string;
}

interface KeySource {
  readonly issuer?: string;
  readonly jwks?: string;
  readonly ca?: string;
}

/** Checks the signature with the keys of an issuer or a file. Keys are fetched; the token stays here. @throws CliFault without keys */
export async function checkSignature(
  token: string,
  { claims }: DecodedToken,
  { issuer, jwks, ca }: KeySource,
): Promise<SignatureCheck> {
  if (issuer !== undefined && claims.iss !== issuer) {
    return { status: 'invalid', detail: `the token's iss is not ${issuer}` };
  }
  if (issuer !== undefined) {
    const { keys, source } = await fetchIssuerKeys(issuer, fetchTrusting(readAuthorities(ca)));
    return verify(token, keys, source);
  }
  if (jwks !== undefined) return verify(token, readKeys(jwks), jwks);
  return { status: 'not checked', detail: 'anybody can have written this; give --issuer or --jwks' };
}

async function verify(token: string, keys: JSONWebKeySet, source: string): Promise<SignatureCheck> {
  try {
    const { protectedHeader } = await compactVerify(token, createLocalJWKSet(keys));
    return {
      status: 'valid',
      detail: `${protectedHeader.alg} by key ${protectedHeader.kid ?? '(without kid)'} of ${source}`,
    };
  } catch (error) {
    if (error instanceof errors.JWKSInvalid) throw new CliFault(`${source} holds no set of keys (RFC 7517 §5).`);
    if (error instanceof errors.JWKSNoMatchingKey) return { status: 'invalid', detail: `no key of ${source} fits` };
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      return { status: 'invalid', detail: `the key of ${source} did not make it, or the token was changed` };
    }
    return { status: 'invalid', detail: (error as Error).message };
  }
}

function readKeys(file: string): JSONWebKeySet {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JSONWebKeySet;
  } catch (error) {
    throw new CliFault(`--jwks: ${file} cannot be read: ${(error as Error).message}.`, undefined, { cause: error });
  }
}
