/** Where things are: the project's folder and its cache, into which everything that we fetch goes. */
const { join } = require('node:path')

const root = join(__dirname, '..', '..')
const cache = join(root, '.cache')

module.exports = { root, cache }
