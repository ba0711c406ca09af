/** Ansible with its amazon.aws collection, and boto3 for the Python that runs its modules. */
const { dirname, join } = require('node:path')
const { findAll } = require('../find')
const { wrapPython, wrapperOf } = require('../python')
const { answers } = require('./fetch')

const TARGET = 'ansible'

/** The Python beside an ansible-playbook: the unpacked one's, else the system's. */
const pythonOf = (playbook) => [join(dirname(playbook), 'python3'), ...findAll('python3')]

/** The Python to run Ansible's modules with. */
const ansiblePython = (playbook) =>
  pythonOf(playbook).find((bin) => answers(bin, ['-c', 'import boto3, ansible_collections.amazon.aws']))

const ansible = {
  name: 'Ansible with amazon.aws and boto3',
  packages: ['ansible', 'python3-boto3'],
  target: TARGET,
  candidates: () => [wrapperOf(TARGET, 'ansible-playbook'), ...findAll('ansible-playbook')],
  works: (bin) => answers(bin, ['--version'], /^ansible-playbook/) && ansiblePython(bin) !== undefined,
  wrap: () => {
    wrapPython(TARGET, 'python3')
    wrapPython(TARGET, 'ansible-playbook', 'usr/bin/ansible-playbook')
  },
  advice: [
    'Debian, Ubuntu   sudo apt-get install ansible python3-boto3',
    'Fedora, RHEL     sudo dnf install ansible python3-boto3',
    'others           python3 -m venv ~/ansible && ~/ansible/bin/pip install ansible boto3 && export PATH="$HOME/ansible/bin:$PATH"',
  ],
}

module.exports = { ansible, ansiblePython }
