/** Python with libcloud and boto3; Python with boto 2, which Debian has as a package of its own and others as history. */
const { findAll } = require('../find')
const { wrapPython, wrapperOf } = require('../python')
const { answers } = require('./fetch')

const python = ({ name, packages, target, modules, advice }) => ({
  name,
  packages,
  target,
  candidates: () => [wrapperOf(target, 'python3'), ...findAll('python3')],
  works: (bin) => answers(bin, ['-c', `import ${modules}`]),
  wrap: () => wrapPython(target, 'python3'),
  advice,
})

const pythonClients = python({
  name: 'a Python with libcloud and boto3',
  packages: ['python3-libcloud', 'python3-boto3'],
  target: 'python-clients',
  modules: 'boto3, libcloud',
  advice: [
    'Debian, Ubuntu   sudo apt-get install python3-libcloud python3-boto3',
    'Fedora, RHEL     sudo dnf install python3-libcloud python3-boto3',
    'Alpine           sudo apk add py3-libcloud py3-boto3',
    'others           python3 -m venv ~/clients && ~/clients/bin/pip install apache-libcloud boto3 && export PATH="$HOME/clients/bin:$PATH"',
  ],
})

const boto2 = python({
  name: 'a Python with boto 2',
  packages: ['python3-boto'],
  target: 'boto2',
  modules: 'boto.ec2',
  advice: [
    'Debian 12        sudo apt-get install python3-boto',
    'others           python3.11 -m venv ~/boto2 && ~/boto2/bin/pip install boto && export PATH="$HOME/boto2/bin:$PATH"',
  ],
})

module.exports = { pythonClients, boto2 }
