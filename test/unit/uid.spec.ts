import { createHash, randomBytes } from 'node:crypto';
import { isUid, uidKey } from '../../lib/session/uid.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const UID = 'A'.repeat(43);

describe('isUid', () => {
  it('accepts what base64url makes of 32 bytes', () => {
    const uids = Array.from({ length: 1000 }, () => randomBytes(32).toString('base64url'));

    expect(uids.filter((uid) => !isUid(uid))).toEqual([]);
  });

  it.each([
    [42, false],
    [43, true],
    [44, false],
  ])('takes 43 characters for a uid: %i', (length, expected) => {
    expect(isUid('A'.repeat(length))).toBe(expected);
  });

  it('accepts in the last place only what 32 bytes can end with', () => {
    const last = ALPHABET.split('').filter((character) => isUid('A'.repeat(42) + character));

    expect(last.join('')).toBe('AEIMQUYcgkosw048');
  });

  it('accepts the base64url alphabet, and nothing else, in every other place', () => {
    const codes = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code));

    const accepted = codes.filter((code) => isUid(code + 'A'.repeat(42)));

    expect(accepted.sort()).toEqual(ALPHABET.split('').sort());
  });

  it.each([
    '',
    `${UID}\n`,
    `${UID.slice(1)}\n`,
    ` ${UID.slice(1)}`,
    `"${UID.slice(2)}"`,
    `${UID}=`,
  ])('refuses %j', (value) => {
    expect(isUid(value)).toBe(false);
  });

  it('refuses a very long text at once', () => {
    expect(isUid('A'.repeat(10_000_000))).toBe(false);
  });
});

describe('uidKey', () => {
  it('is the SHA-256 of the characters as base64url', () => {
    expect(uidKey(UID)).toBe(createHash('sha256').update(UID, 'ascii').digest('base64url'));
  });

  it('has the shape of a uid and is not the uid', () => {
    expect(isUid(uidKey(UID))).toBe(true);
    expect(uidKey(UID)).not.toBe(UID);
  });
});
