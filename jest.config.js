// Two sorts of project: 'unit' (pure parts and parts against a real Redis) and 'e2e' (whole gateway, real clients).
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
    project('unit', ['src', 'workers', 'property', 'golden', 'docs']),
    project('contract', ['contract']),
    project('crash', ['crash']),
    project('e2e', ['e2e']),
  ],
  testTimeout: 30000,
}
