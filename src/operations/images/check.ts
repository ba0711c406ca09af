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

/** An account's 12 digits, or `all`. Faults: 'invalid'. */
export function checkSharing(accounts: readonly string[]): void {
  for (const account of accounts)
    if (account !== 'all' && !/^\d{12}$/.test(account))
      throw fault('invalid', `${JSON.stringify(account.slice(0, 40))} is no account: 12 digits, or all`, {
        field: 'LaunchPermission',
      })
}
