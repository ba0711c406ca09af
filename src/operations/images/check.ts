/** What orders for images may say, checked before anything is read. */
import { fault } from '../../faults'

/** EC2's rule for names of AMIs (RegisterImage, CreateImage). Faults: 'invalid'. */
export function checkImageName(name: string): void {
  if (!/^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/.test(name) || name !== name.trim())
    throw fault(
      'invalid',
      `the name of an image has 3 to 128 letters, digits, spaces and ( ) [ ] . / - ' @ _ characters`,
      { field: 'Name' },
    )
}

/** EC2's limit. Faults: 'invalid'. */
export function checkDescription(description: string): void {
  if (description.length > 255)
    throw fault('invalid', 'a description has at most 255 characters', { field: 'Description' })
}

/** Faults: 'invalid'. */
export function checkRootDisk({
  sizeGiB,
  rootDevice,
}: {
  readonly sizeGiB?: number
  readonly rootDevice?: string
}): void {
  if (sizeGiB !== undefined && !(Number.isInteger(sizeGiB) && sizeGiB >= 1 && sizeGiB <= 16_384))
    throw fault('invalid', 'a size is a whole number of GiB from 1 to 16384', { field: 'sizeGiB' })
  if (rootDevice !== undefined && !/^\/dev\/[a-z]{2,4}[0-9]{0,2}$/.test(rootDevice))
    throw fault('invalid', 'a root device is like /dev/sda1 or /dev/xvda', { field: 'rootDevice' })
}

/** An account's 12 digits, or `all`. Faults: 'invalid'. */
export function checkSharing(accounts: readonly string[]): void {
  for (const account of accounts)
    if (account !== 'all' && !/^\d{12}$/.test(account))
      throw fault('invalid', `${JSON.stringify(account.slice(0, 40))} is no account: 12 digits, or all`, {
        field: 'LaunchPermission',
      })
}
