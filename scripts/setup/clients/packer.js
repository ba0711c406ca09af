/** Packer with its Amazon builder inside: Debian's 1.6. Later ones fetch that builder from the network, and are not taken. */
const { join } = require('node:path')
const { findAll } = require('../find')
const { cache } = require('../place')
const { answers } = require('./fetch')

const TARGET = 'packer'

const packer = {
  name: 'Packer 1.6',
  packages: ['packer'],
  target: TARGET,
  candidates: () => [join(cache, TARGET, 'usr', 'bin', 'packer'), ...findAll('packer')],
  works: (bin) => answers(bin, ['version'], /^Packer v1\.[0-6]\./),
  // One file without libraries.
  wrap: () => undefined,
  advice: ['Debian 12        sudo apt-get install packer'],
}

module.exports = { packer }
