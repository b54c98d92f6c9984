// The ways in which clients authenticate: two lists to read, each way once.
import type { FactoryProvider, Provider, Type } from '@nestjs/common';
import { AssertionReader } from './assertion.reader.js';
import { PrivateKeySignature, SecretSignature } from './assertion-signatures.js';
import { BasicReader } from './basic.reader.js';
import { CredentialReaders } from './presented-credentials.js';
import type { CredentialReader } from './credentials.js';
import { NoneReader } from './none.reader.js';
import { PostReader } from './post.reader.js';
import { SelfSignedReader } from './self-signed.reader.js';
import { TlsClientReader } from './tls-client.reader.js';

/** The request itself says that it comes this way: one at most (RFC 6749 §2.3). */
const outspoken: readonly Type<CredentialReader>[] = [BasicReader, PostReader, AssertionReader];

/**
 * Where the request says nothing but `client_id`: what the connection shows, or nothing at all. Which of them counts is for the client to say, by its
 * `tokenEndpointAuthMethod`; where that names none of them, the last.
 */
const silent: readonly Type<CredentialReader>[] = [TlsClientReader, SelfSignedReader, NoneReader];

const readers: FactoryProvider = {
  provide: CredentialReaders,
  inject: [...outspoken, ...silent],
  useFactory: (...all: CredentialReader[]) =>
    new CredentialReaders(all.slice(0, outspoken.length), all.slice(outspoken.length)),
};

/** Every way, and the list of them. */
export const clientAuthentication: readonly Provider[] = [
  PrivateKeySignature,
  SecretSignature,
  ...outspoken,
  ...silent,
  readers,
];
