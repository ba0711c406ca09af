/** The EC2 driver with its clients, as the registry opens it. */
import type { Driver } from '../../driver'
import { openAccounts } from './client'
import { ec2Driver } from './driver'

/** `callMs`: how long one call may take; as it suits where it is not said. */
export const openEc2Driver = ({ site, callMs }: { readonly site: string; readonly callMs?: number }): Driver =>
  ec2Driver({ site, accounts: openAccounts(callMs) })
