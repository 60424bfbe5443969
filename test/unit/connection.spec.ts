import { SessionOptionError } from '../../lib/errors/session.errors.js';
import { type ConnectionRequest, isSecureConnection } from '../../lib/http/connection.js';
import { trustedPeers } from '../../lib/http/trusted-peers.js';

const PROXY = '10.0.0.1';

function forwarded(proto: string | string[], remoteAddress?: string): ConnectionRequest {
  return { headers: { 'x-forwarded-proto': proto }, protocol: 'http', socket: { remoteAddress } };
}

describe('isSecureConnection', () => {
  it('is true over TLS, whatever a header says', () => {
    const request = { headers: { 'x-forwarded-proto': 'http' }, socket: { encrypted: true } };

    expect(isSecureConnection(request)).toBe(true);
  });

  it.each([
    ['https', true],
    ['http', false],
    [undefined, false],
  ])('believes a framework that says %s', (protocol, expected) => {
    expect(isSecureConnection({ headers: {}, protocol })).toBe(expected);
  });

  it('ignores X-Forwarded-Proto where nobody is trusted', () => {
    const request = forwarded('https', PROXY);

    expect(isSecureConnection(request)).toBe(false);
    expect(isSecureConnection(request, trustedPeers(undefined))).toBe(false);
    expect(isSecureConnection(request, trustedPeers(false))).toBe(false);
    expect(isSecureConnection(request, trustedPeers([]))).toBe(false);
  });

  it('ignores X-Forwarded-Proto from a peer that is not trusted', () => {
    expect(isSecureConnection(forwarded('https', '10.0.0.2'), trustedPeers(PROXY))).toBe(false);
  });

  it.each([
    ['https', true],
    [' HTTPS ', true],
    ['https,http', true],
    ['https , http', true],
    [['https', 'http'], true],
    ['http,https', false],
    ['http', false],
    ['httpss', false],
    [',https', false],
    ['', false],
    [[], false],
  ])('takes the first value of a trusted X-Forwarded-Proto: %j', (proto, expected) => {
    expect(isSecureConnection(forwarded(proto, PROXY), trustedPeers(PROXY))).toBe(expected);
  });

  it('is false where a trusted proxy says nothing', () => {
    const request = { headers: {}, socket: { remoteAddress: PROXY } };

    expect(isSecureConnection(request, trustedPeers(PROXY))).toBe(false);
  });

  it('is false for a request without a socket', () => {
    expect(isSecureConnection({ headers: {}, socket: null }, trustedPeers(PROXY))).toBe(false);
  });
});

describe('trustedPeers', () => {
  it.each([PROXY, '2001:db8::1', undefined, ''])('trusts every peer when true: %s', (address) => {
    expect(trustedPeers(true)(address)).toBe(true);
  });

  it.each([
    ['9.255.255.255', false],
    ['10.0.0.0', true],
    ['10.255.255.255', true],
    ['11.0.0.0', false],
    ['::ffff:10.0.0.1', true],
    ['::ffff:a00:1', true],
    ['::ffff:11.0.0.0', false],
    ['::1', false],
    ['010.0.0.1', false],
    ['proxy.example.com', false],
    ['', false],
    [undefined, false],
  ])('trusts of 10.0.0.0/8 the address %s: %s', (address, expected) => {
    expect(trustedPeers('10.0.0.0/8')(address)).toBe(expected);
  });

  it.each([
    ['10.0.0.0', false],
    ['10.0.0.1', true],
    ['10.0.0.2', false],
    ['2001:db8:7fff:ffff::', true],
    ['2001:db8:8000::', false],
    ['fe80::1%eth0', true],
    ['fe80::2%eth0', false],
  ])('trusts of a list the address %s: %s', (address, expected) => {
    const isTrusted = trustedPeers(['10.0.0.1', '2001:DB8::/33', 'fe80::1']);

    expect(isTrusted(address)).toBe(expected);
  });

  it.each(['0.0.0.0/0', '::/0', '::1/128', '10.0.0.1/32'])('accepts the range %s', (range) => {
    expect(() => trustedPeers(range)).not.toThrow();
  });

  it.each([
    'loopback',
    'proxy.example.com',
    '',
    ' 10.0.0.1',
    '10.0.0.1, 10.0.0.2',
    '10.0.0.1:80',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::1/129',
    'fe80::1%eth0',
    ['10.0.0.1', 'loopback'],
    [['10.0.0.1']],
    [1],
    1,
    {},
    null,
  ])('refuses %j', (trustProxy) => {
    expect(() => Reflect.apply(trustedPeers, undefined, [trustProxy])).toThrow(SessionOptionError);
  });
});
