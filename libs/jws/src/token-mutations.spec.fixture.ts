import { constants } from 'node:crypto';
import { signingAlgorithms, type SigningAlgorithm } from '@tessera/protocol';
import type { Random } from './random.spec.fixture.js';
import { encodePart, signBytes, type KeyPair } from './signing-keys.spec.fixture.js';

/** A good token in parts, and what mutations need of its signer. */
export interface Sample {
  readonly algorithm: SigningAlgorithm;
  readonly pair: KeyPair;
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

/** Changes a token in one way. `samples` are all good tokens, to take parts from. */
export type Mutation = (sample: Sample, random: Random, samples: readonly Sample[]) => string;

const join = (...parts: string[]) => parts.join('.');
const bytesOf = (part: string) => Buffer.from(part, 'base64url');
const part = (bytes: Buffer) => bytes.toString('base64url');

function withHeader({ payload, signature }: Sample, header: string): string {
  return join(header, payload, signature);
}
function withPayload({ header, signature }: Sample, payload: string): string {
  return join(header, payload, signature);
}
function withSignature({ header, payload }: Sample, signature: Buffer): string {
  return join(header, payload, part(signature));
}
function flipBit(bytes: Buffer, random: Random): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[random.below(flipped.length)]! ^= 1 << random.below(8);
  return flipped;
}
/** Puts something at a random place, or in the place of one character. */
function stray(text: string, character: string, random: Random): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + character + text.slice(at + random.below(2));
}
/** The text of one of the three parts is changed, all else stays. */
function inSomePart(sample: Sample, random: Random, change: (text: string) => string): string {
  const parts = [sample.header, sample.payload, sample.signature];
  const index = random.below(3);
  parts[index] = change(parts[index] as string);
  return join(...parts);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const orders: Partial<Record<SigningAlgorithm, bigint>> = {
  ES256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  ES384: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  ES512:
    0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
};

/** Numbers of an ECDSA signature, or the halves of any other. */
function halves(signature: Buffer): [bigint, bigint, number] {
  const size = signature.length / 2;
  const number = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`);
  return [number(signature.subarray(0, size)), number(signature.subarray(size)), size];
}
function ofHalves(r: bigint, s: bigint, size: number): Buffer {
  return Buffer.from(
    [r, s]
      .map((n) =>
        n
          .toString(16)
          .padStart(size * 2, '0')
          .slice(-size * 2),
      )
      .join(''),
    'hex',
  );
}

/** By kind, and by name: each is tried with each algorithm. */
export const mutations: Readonly<Record<string, Readonly<Record<string, Mutation>>>> = {
  none: {
    'as it was signed': (sample) => join(sample.header, sample.payload, sample.signature),
  },
  header: {
    'a bit': (sample, random) => withHeader(sample, part(flipBit(bytesOf(sample.header), random))),
    'a character': (sample, random) => withHeader(sample, stray(sample.header, random.of(alphabet), random)),
    'of another token': (sample, random, samples) => withHeader(sample, random.of(samples).header),
    'another kid': (sample, random) =>
      withHeader(sample, encodePart({ alg: sample.algorithm, kid: random.below(1e9) })),
    'none at all': (sample) => withHeader(sample, ''),
    'cut short': (sample, random) => withHeader(sample, sample.header.slice(0, random.below(sample.header.length))),
  },
  payload: {
    'a bit': (sample, random) => withPayload(sample, part(flipBit(bytesOf(sample.payload), random))),
    'a character': (sample, random) => withPayload(sample, stray(sample.payload, random.of(alphabet), random)),
    'of another token': (sample, random, samples) => withPayload(sample, random.of(samples).payload),
    'none at all': (sample) => withPayload(sample, ''),
    longer: (sample, random) =>
      withPayload(sample, part(Buffer.concat([bytesOf(sample.payload), random.bytes(1 + random.below(9))]))),
    'in the place of the header': (sample) => join(sample.payload, sample.header, sample.signature),
  },
  signature: {
    'a bit': (sample, random) => withSignature(sample, flipBit(bytesOf(sample.signature), random)),
    'a character': (sample, random) =>
      join(sample.header, sample.payload, stray(sample.signature, random.of(alphabet), random)),
    'of another token': (sample, random, samples) => withSignature(sample, bytesOf(random.of(samples).signature)),
    'none at all': (sample) => withSignature(sample, Buffer.alloc(0)),
    'cut short': (sample, random) =>
      withSignature(sample, bytesOf(sample.signature).subarray(0, random.below(bytesOf(sample.signature).length))),
    longer: (sample, random) =>
      withSignature(sample, Buffer.concat([bytesOf(sample.signature), random.bytes(1 + random.below(9))])),
    'zeros before it': (sample) => withSignature(sample, Buffer.concat([Buffer.alloc(2), bytesOf(sample.signature)])),
    noise: (sample, random) => withSignature(sample, random.bytes(bytesOf(sample.signature).length)),
    'all one byte': (sample, random) =>
      withSignature(sample, Buffer.alloc(bytesOf(sample.signature).length, random.of([0, 1, 0x80, 0xff]))),
    'halves swapped': (sample) => {
      const [r, s, size] = halves(bytesOf(sample.signature));
      return withSignature(sample, ofHalves(s, r, size));
    },
    'a half zero, one, or the order': (sample, random) => {
      const [r, s, size] = halves(bytesOf(sample.signature));
      const special = random.of([0n, 1n, orders[sample.algorithm] ?? 0n]);
      return withSignature(sample, random.below(2) ? ofHalves(special, s, size) : ofHalves(r, special, size));
    },
    'the order added to a half, or taken from it': (sample, random) => {
      const [r, s, size] = halves(bytesOf(sample.signature));
      const order = orders[sample.algorithm] ?? 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn;
      return withSignature(sample, random.below(2) ? ofHalves(r + order, s, size) : ofHalves(r, s + order, size));
    },
    'the second good one of ECDSA': (sample) => {
      const order = orders[sample.algorithm];
      const [r, s, size] = halves(bytesOf(sample.signature));
      return withSignature(sample, order ? ofHalves(r, order - s, size) : bytesOf(sample.signature));
    },
  },
  encoding: {
    padding: (sample, random) => inSomePart(sample, random, (text) => text + '='.repeat(1 + random.below(3))),
    'right padding': (sample, random) =>
      inSomePart(sample, random, (text) => text + '='.repeat((4 - (text.length % 4)) % 4 || 4)),
    'unused bits': (sample, random) => inSomePart(sample, random, (text) => text.slice(0, -1) + random.of(alphabet)),
    'unused bits of the signature': (sample, random) =>
      join(sample.header, sample.payload, sample.signature.slice(0, -1) + random.of(alphabet)),
    'white space': (sample, random) => inSomePart(sample, random, (text) => spaced(text, random)),
    'white space in the signature': (sample, random) =>
      join(sample.header, sample.payload, spaced(sample.signature, random)),
    'around it': (sample, random) => {
      const text = join(sample.header, sample.payload, sample.signature);
      return random.below(2) ? ` ${text}` : `${text}${random.of([' ', '\n', '\r\n', '\0', ',', ';'])}`;
    },
    'the alphabet of plain base64': (sample, random) =>
      inSomePart(sample, random, (text) => text.replace(/-/g, '+').replace(/_/g, '/')),
    'a stray character': (sample, random) =>
      inSomePart(sample, random, (text) =>
        stray(text, random.of(['+', '/', '%', '\0', '"', '~', 'é', 'Ā', '\u212a', '😀', '\ud800', '\ufeff']), random),
      ),
    'a stray dot': (sample, random) => stray(join(sample.header, sample.payload, sample.signature), '.', random),
    'a part missing': (sample, random) =>
      [sample.header, sample.payload, sample.signature].toSpliced(random.below(3), 1).join('.'),
    'a part more': (sample, random) =>
      [sample.header, sample.payload, sample.signature].toSpliced(random.below(4), 0, '').join('.'),
  },
  curve: {
    'the key of another curve signs': (sample, random, samples) => {
      const other = random.of(
        samples.filter(({ algorithm }) => algorithm !== sample.algorithm && /^E/.test(algorithm)),
      );
      return join(sample.header, other.payload, other.signature);
    },
    'the key of another curve, whose algorithm is named': (_sample, random, samples) => {
      const other = random.of(samples.filter(({ algorithm }) => /^E/.test(algorithm)));
      return join(other.header, other.payload, other.signature);
    },
    'the length of another curve': (sample, random) =>
      withSignature(sample, resized(bytesOf(sample.signature), random.of([48, 64, 96, 114, 132]))),
  },
  algorithm: {
    'another name, the same signature': (sample, random) =>
      withHeader(sample, encodePart({ alg: random.of(signingAlgorithms) })),
    'no algorithm that anybody accepts': (sample, random) =>
      withHeader(
        sample,
        encodePart({
          alg: random.of([
            'none',
            'None',
            'HS256',
            'HS512',
            'es256',
            'ES256K',
            'Ed448',
            'ES256 ',
            '',
            null,
            256,
            ['ES256'],
            {},
          ]),
        }),
      ),
    'of another token, whole': (_sample, random, samples) => {
      const other = random.of(samples);
      return join(other.header, other.payload, other.signature);
    },
  },
};

function spaced(text: string, random: Random): string {
  return stray(text, random.of([' ', '\t', '\n', '\r\n', '\f', '\v', '\u00a0', '\u2028']), random);
}
function resized(bytes: Buffer, size: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(200)]).subarray(0, size);
}

/** What the holder of a good key may sign in another way than its algorithm says; dear, so each is signed once. */
export function oddSignatures({ algorithm, pair, header, payload }: Sample): string[] {
  const input = join(header, payload);
  const tokens = signingAlgorithms
    .filter(
      (other) => other.slice(0, 2) === algorithm.slice(0, 2) || (/^[RP]S/.test(algorithm) && /^[RP]S/.test(other)),
    )
    .map((other) => signBytes(input, pair, other));
  if (algorithm.startsWith('ES')) tokens.push(signBytes(input, pair, algorithm, { dsaEncoding: 'der' }));
  if (algorithm.startsWith('PS')) {
    for (const saltLength of [0, 1, 20, 33, constants.RSA_PSS_SALTLEN_MAX_SIGN]) {
      tokens.push(signBytes(input, pair, algorithm, { saltLength }));
    }
  }
  return tokens.map((signature) => join(input, part(signature)));
}
