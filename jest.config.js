// Sorts of project: 'unit' (pure parts and parts against a real Redis), 'e2e' (whole gateway, real clients) and others by name.
const { delimiter } = require('node:path')

// The AWS SDK, used by tests as a client only, warns on Node 20 at each load.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
// Programs of a Xen host that the set-up fetched where the machine has none.
process.env.PATH = [process.env.PATH, require('./scripts/setup/host-tools').folder].join(delimiter)
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
  ],
}
const project = (name, folders) => ({
  displayName: name,
  testEnvironment: 'node',
  transform,
  testMatch: folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
})
module.exports = {
  projects: [
    project('unit', ['src', 'workers', 'scripts', 'property', 'golden', 'docs', 'clouds']),
    project('contract', ['contract']),
    project('crash', ['crash']),
    project('e2e', ['e2e']),
    // Clients that others wrote, fetched for it: `npm run test:clients`, not part of `npm test`.
    project('clients', ['clients']),
    // Real Xen hosts, emulated: `npm run lab:xen`, not part of `npm test`.
    project('lab', ['lab']),
  ],
  testTimeout: 60000,
}
