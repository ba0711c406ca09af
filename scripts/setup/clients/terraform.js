/**
 * Terraform and its AWS provider where this machine has both: Debian has neither, and nothing is downloaded for it. The
 * provider is looked for where Terraform looks itself (its implied local mirrors), in TF_PLUGIN_CACHE_DIR, and in folders of /opt.
 */
const { existsSync, readdirSync } = require('node:fs')
const { homedir } = require('node:os')
const { join } = require('node:path')
const { findAll } = require('../find')
const { answers } = require('./fetch')

const PROVIDER = join('registry.terraform.io', 'hashicorp', 'aws')

const below = (folder) => {
  try {
    return readdirSync(folder).map((name) => join(folder, name))
  } catch {
    return []
  }
}

const places = () => [
  ...(process.env.TF_PLUGIN_CACHE_DIR ? [process.env.TF_PLUGIN_CACHE_DIR] : []),
  join(homedir(), '.terraform.d', 'plugins'),
  join(homedir(), '.local', 'share', 'terraform', 'plugins'),
  join('/usr', 'local', 'share', 'terraform', 'plugins'),
  join('/usr', 'share', 'terraform', 'plugins'),
  ...below('/opt'),
]

/** `{ terraform, mirror }` to run it with, or `{ lacks }`: what is not there. */
function findTerraform() {
  const terraform = findAll('terraform').find((bin) => answers(bin, ['version'], /^Terraform v1\./))
  if (!terraform) return { lacks: 'there is no terraform on this machine' }
  const mirror = places().find((place) => existsSync(join(place, PROVIDER)))
  if (!mirror) return { lacks: 'there is no AWS provider of terraform in a filesystem mirror on this machine' }
  return { terraform, mirror }
}

module.exports = { findTerraform }
