import { describe, expect, it } from '@jest/globals';
import { personName } from '../../src/hubspot/person-name.ts';

describe('personName', () => {
  it.each<[string | null, string, string]>([
    ['Kim Lee', 'Kim', 'Lee'],
    ['Lee, Kim', 'Kim', 'Lee'],
    ['Vale,Nora', 'Nora', 'Vale'],
    ['Vale ,  Nora Ann', 'Nora Ann', 'Vale'],
    ['"Vale, Nora"', 'Nora', 'Vale'],
    ["'Nora Vale'", 'Nora', 'Vale'],
    ['VALE, Nora', 'Nora', 'VALE'],
    ['van der Berg, Jan', 'Jan', 'van der Berg'],
    ['García López, Ana María', 'Ana María', 'García López'],
    ['Vale, Nora (Sales)', 'Nora', 'Vale'],
    ['Vale, Nora [Vale Ltd]', 'Nora', 'Vale'],
    ['Nora Vale (Vale Ltd)', 'Nora', 'Vale'],
    ['Nora Vale, PhD', 'Nora', 'Vale'],
    ['Vale, Nora, MBA', 'Nora', 'Vale'],
    ['Vale, Jr., Ned', 'Ned', 'Vale Jr.'],
    ['Ned Vale, Jr.', 'Ned', 'Vale Jr.'],
    ['Vale Shops, Inc.', '', 'Vale Shops Inc.'],
    ['Nora Vale via Shop', 'Nora', 'Vale'],
    ["'Vale, Nora' via Shop", 'Nora', 'Vale'],
    ['Vale, Nora | Vale Ltd', 'Nora', 'Vale'],
    ['Vale, Nora - Sales', 'Nora', 'Vale'],
    ['Vale, Nora/Sales', 'Nora', 'Vale'],
    ['Vale, Nora, EXT', 'Nora', 'Vale'],
    ['Vale, Nora <nora@home.example>', 'Nora', 'Vale'],
    ['Anne-Marie Vale', 'Anne-Marie', 'Vale'],
    ['A/S Vale', 'A/S', 'Vale'],
    ['李，明', '明', '李'],
    ['Nora', 'Nora', ''],
    ['Vale,', 'Vale', ''],
    [', Nora', 'Nora', ''],
    ['nora@home.example', '', ''],
    [',', '', ''],
    ['\u200b', '', ''],
    ['  ', '', ''],
    [null, '', ''],
  ])('%j is %j %j', (name, first, last) => {
    expect(personName(name)).toEqual({ first, last });
  });
});
