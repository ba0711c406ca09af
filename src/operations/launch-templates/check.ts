/** What launch templates may be called and say, and how many there may be. */
import { fault } from '../../faults'
import type { LaunchTemplateVersionWish } from '../../model/records'
import { canonicalUserData } from '../run/check-order'
import type { VersionOrder } from './operations'

/** EC2 has 5,000 in a region; each gateway keeps them all at hand. */
export const MOST_TEMPLATES = 500
/** Of all templates of a project together; EC2 has 10,000 of each. */
export const MOST_VERSIONS = 2000
/** MiB of them together, as they are kept; EC2 has no such limit. */
export const MOST_TOGETHER_MIB = 16
/** EC2: 3 to 128 letters, digits and ( ) . / _ - (CreateLaunchTemplate). */
const NAME = /^[A-Za-z0-9().\-/_]{3,128}$/
const LONGEST_DESCRIPTION = 255
/** Bytes of JSON beside user data: fifty tags of full length fit twice. */
const MOST_BYTES = 64 * 1024

/** Faults: 'malformed'. */
export function checkTemplateName(name: string): void {
  if (NAME.test(name)) return
  throw fault('malformed', 'the name of a launch template is 3 to 128 letters, digits and ( ) . / _ -', {
    field: 'LaunchTemplateName',
    subject: { kind: 'launchtemplatename', id: name.slice(0, 64) },
  })
}

/** The user data in canonical base64. Faults: 'invalid', 'too-large', 'missing' for a version that says nothing. */
export function checkVersion({ data, userData, description = '' }: VersionOrder): string | null {
  if (description.length > LONGEST_DESCRIPTION)
    throw fault('invalid', `the description of a version has at most ${LONGEST_DESCRIPTION} characters`, {
      field: 'VersionDescription',
    })
  const canonical = canonicalUserData(userData)
  if (canonical === null && Object.keys(data).length === 0)
    throw fault('missing', 'The request must contain the parameter LaunchTemplateData', { field: 'LaunchTemplateData' })
  if (Buffer.byteLength(JSON.stringify(data)) > MOST_BYTES)
    throw fault('invalid', `the parameters of a launch template have at most ${MOST_BYTES} bytes`, {
      field: 'LaunchTemplateData',
    })
  return canonical
}

/** A version never changes, and each is counted again for every one that is added. */
const counted = new WeakMap<LaunchTemplateVersionWish, number>()

function bytesOf(wish: LaunchTemplateVersionWish): number {
  const bytes = counted.get(wish) ?? Buffer.byteLength(JSON.stringify(wish))
  counted.set(wish, bytes)
  return bytes
}

/** A project's versions, the one that is to be added among them. Faults: 'quota'. */
export function refuseTooLarge(versions: readonly LaunchTemplateVersionWish[]): void {
  const bytes = versions.reduce((sum, wish) => sum + bytesOf(wish), 0)
  if (bytes > MOST_TOGETHER_MIB * 1024 ** 2)
    throw fault('quota', `a project's launch templates have at most ${MOST_TOGETHER_MIB} MiB together`, {
      field: 'launchTemplateBytes',
    })
}
