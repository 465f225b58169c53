import { describe, expect, it } from '@jest/globals';
import { isPublicAddress } from '../../src/hubspot/public-address.ts';

describe('an address of the internet', () => {
  it.each([
    '8.8.8.8',
    '104.16.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '2606:4700::1111',
    '2a00:1450::5',
    '::ffff:8.8.8.8',
  ])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['all of loopback', '127.255.255.254'],
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private, 10', '10.0.0.1'],
    ['private, 172', '172.16.0.1'],
    ['the end of it', '172.31.255.255'],
    ['private, 192', '192.168.1.1'],
    ['link-local: credentials of a cloud', '169.254.169.254'],
    ['shared by carriers', '100.64.0.1'],
    ['credentials of another cloud', '100.100.100.200'],
    ["Azure's platform", '168.63.129.16'],
    ['protocol assignments', '192.0.0.192'],
    ['documentation', '192.0.2.1'],
    ['documentation, 2', '198.51.100.1'],
    ['documentation, 3', '203.0.113.1'],
    ['benchmarks', '198.18.0.1'],
    ['relay anycast', '192.88.99.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['loopback, v6', '::1'],
    ['unspecified, v6', '::'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped loopback in hex', '::ffff:7f00:1'],
    ['mapped link-local', '::ffff:169.254.169.254'],
    ['compatible with IPv4', '::7f00:1'],
    ['translated', '::ffff:0:127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['NAT64, local', '64:ff9b:1::7f00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['unique local', 'fd00:ec2::254'],
    ['link-local, v6', 'fe80::1'],
    ['link-local with its zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast, v6', 'ff02::1'],
    ['documentation, v6', '2001:db8::1'],
    ['discard only', '100::1'],
    ['not given out', '4000::1'],
    ['decimal', '2130706433'],
    ['octal', '0177.0.0.1'],
    ['short', '127.1'],
    ['a name', 'localhost'],
    ['brackets', '[::1]'],
    ['nothing', ''],
  ])('is none that is %s', (_what, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
