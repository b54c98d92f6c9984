import { describe, expect, it } from '@jest/globals';
import { passwordHashFault } from '@tessera/resource-model';
import { hashPassword, isWhollyVerified, needsRehash, verifyPassword } from '../password-hashing.js';
import { schemeOf } from './password-schemes.js';

const unicode = 'pässwörd 🔑';
const horse = 'correct horse';

/** Made by other implementations: none of them by what checks them here. */
const vectors: readonly (readonly [what: string, password: string, text: string])[] = [
  // The tests of the reference implementation of argon2; argon2d from those of passlib.
  ['argon2id', 'password', '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc'],
  ['argon2i', 'password', '$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8'],
  ['argon2i, 1.0', 'password', '$argon2i$v=16$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY'],
  ['argon2d', 'password', '$argon2d$v=19$m=102400,t=2,p=8$g2RodLh8j8WbSdCp+lUy/A$zzAJqL/HSjm809PYQu6qkA'],
  // crypt_blowfish, and pyca/bcrypt; the others by libxcrypt.
  ['bcrypt $2a$', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['bcrypt $2b$', 'Kk4DQuMMfZL9o', '$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm'],
  ['bcrypt $2y$', 'rasmuslerdorf', '$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq'],
  ['bcrypt with letters', unicode, '$2b$05$abcdefghijklmnopqrstuuJle.iZ0HydI0pt1p.fYQNcC2ygoDkde'],
  ['bcrypt, bits left over in the salt', horse, '$2y$05$abcdefghijklmnopqrstuvHNbAKRhpaujgo33bRWs.NLUTJO3lOy2'],
  // OpenSSL, through Python's hashlib.
  ['scrypt', horse, '$scrypt$ln=14,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$JbN2hANm9NOw4h5BRHZnbjzQ6Jr0QwNWojTOC2WgIbU'],
  ['scrypt, 64 MiB', unicode, '$scrypt$ln=15,r=8,p=2$AAECAwQFBgcICQoLDA0ODw$oz2zUqoISr2Oum28vVfPmzMpYwLJb343dZvECpoh6uw'],
  ['pbkdf2 sha1', unicode, '$pbkdf2$131000$8PHy8/T19vf4.fr7/P3./w$.Z7ki1lZgel9SxQjaDJE4xty21s'],
  ['pbkdf2 sha256', horse, '$pbkdf2-sha256$29000$8PHy8/T19vf4.fr7/P3./w$y5nE41FP/R2/UmxDUlEQsFP4Nx.Xu.w8mgq1Jg6CG.g'],
  ['pbkdf2 sha256 as Keycloak did, 64 bytes', unicode, '$pbkdf2-sha256$27500$8PHy8/T19vf4.fr7/P3./w$28/n07KAZAxGACvmlXOJEP1mPDXW7VtO7.PHkAXUpyt1SK1hM/u3hqRm/L4tA62pwcHPViQrk08syVi4D0d3/w'],
  ['pbkdf2 sha512', unicode, '$pbkdf2-sha512$25000$8PHy8/T19vf4.fr7/P3./w$1vctsHZh73VH3MPW3xSZESRIPW/7zL23IbM04sg/p7syMJ.zjZqT6FPp8IfdSZaKFhqS76ItJ3RydwOAJ4jLbQ'],
  ['Django', unicode, 'pbkdf2_sha256$30000$seasalt2Xk8$IXN+vsAIUj+aUhubIcXVekMS0+cEZQ2WE7ARPFuMnwY='],
  // The tests of ASP.NET Core Identity: version 2, and version 3 of .NET 6. The others by hashlib, from the layout of the bytes.
  ['ASP.NET Identity v2', 'my password', 'AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg=='],
  ['ASP.NET Identity v3', 'my password', 'AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw=='],
  ['ASP.NET Identity v3, sha1', horse, 'AQAAAAAAACcQAAAAEAABAgMEBQYHCAkKCwwNDg/8C0Qu2Caw8MjwtYYr3HQNZVSdIgPBFfGaLcJ7KrvnmA=='],
  ['ASP.NET Identity v3, sha512', unicode, 'AQAAAAIAAYagAAAAEAABAgMEBQYHCAkKCwwNDg/PU3QumSMEiqP0bfHW2L91e/xZiKA6h+nrb65N7w3S2w=='],
]; // prettier-ignore

describe.each(vectors)('%s', (_what, password, text) => {
  it('is known with the right password, is not with others, and is to be replaced', async () => {
    expect(passwordHashFault(text)).toBeUndefined();
    expect(await verifyPassword(text, password)).toBe(true);
    for (const wrong of [`${password}!`, password.slice(0, -1), ''])
      expect(await verifyPassword(text, wrong)).toBe(false);
    expect(needsRehash(text)).toBe(true);
    expect(isWhollyVerified(text, password)).toBe(true);
  });

  it('is not known without its last characters, and never taken for another form', async () => {
    for (const cut of [1, 2, 3, 4, 20]) {
      const rest = text.slice(0, -cut);
      if (passwordHashFault(rest) === undefined)
        expect([cut, await verifyPassword(rest, password)]).toEqual([cut, false]);
      else expect(passwordHashFault(rest)).toMatch(/ cut off/);
    }
    expect(() => schemeOf(`${text}\n`)).toThrow(/none of the forms/);
  });
});

describe('A password hash', () => {
  it('of our own parameters stays, and any other argon2 is to be replaced', async () => {
    const own = await hashPassword(horse);
    expect(needsRehash(own)).toBe(false);
    for (const [ours, other] of [
      ['argon2id', 'argon2i'],
      ['v=19', 'v=16'],
      ['m=19456', 'm=194560'],
      ['t=2', 't=1'],
      ['p=1', 'p=10'],
    ] as const) {
      expect(needsRehash(own.replace(ours, other))).toBe(true);
    }
  });

  it('is compared with the password as it was typed elsewhere, and in our form of it', async () => {
    // By hashlib of "ﬁsh", which begins with one letter for two; and of "café" in four letters.
    const ligature = 'pbkdf2_sha256$1000$salt$lttJD7JCOQBUs/e3DOJwYJ/lTgg6sKgyUBYsny7YMgQ=';
    const composed = 'pbkdf2_sha256$1000$salt$U5bLlz2ZriJfkRNzLQlQJO1/Az87G0e807WLP37V9z0=';
    expect(await verifyPassword(ligature, '\uFB01sh')).toBe(true);
    expect(await verifyPassword(ligature, 'fish')).toBe(false);
    for (const typed of ['caf\u00E9', 'cafe\u0301']) expect(await verifyPassword(composed, typed)).toBe(true);
  });
});

describe('bcrypt', () => {
  // From the tests of crypt_blowfish.
  const text = '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui';
  const first72 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

  it('looks at 72 bytes and no more: whoever has a longer password is let in, and the hash is kept', async () => {
    for (const rest of ['chars after 72 are ignored', 'x']) {
      expect(await verifyPassword(text, first72 + rest)).toBe(true);
      expect(isWhollyVerified(text, first72 + rest)).toBe(false);
    }
    expect(await verifyPassword(text, first72.slice(0, -1))).toBe(false);
    expect(isWhollyVerified(text, first72.slice(0, -1))).toBe(true);
    expect(isWhollyVerified(text, 'é'.repeat(37))).toBe(false);
    expect(isWhollyVerified(await hashPassword('x'), first72 + 'x')).toBe(true);
  });

  it('keeps no other request waiting', async () => {
    const slow = '$2b$12$N9qo8uLOickgx2ZMRZoMye7hLCKuEIm4BcKHuoCJsBy/5Q0NErxWS';
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    await verifyPassword(slow, 'wrong');
    clearInterval(timer);
    // It takes over 200 ms; in this thread it would leave a turn each 100.
    expect(turns).toBeGreaterThan(10);
  });
});
