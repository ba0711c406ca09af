/** EC2 requests, signed before anything is measured. */
import { signedPost } from '../../support/aws-signers'
import type { Shot } from './load'
import { REGION, type Tenant } from './site'

export async function signed(
  tenant: Tenant,
  port: number,
  action: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Shot> {
  const { accessKeyId, secretAccessKey } = tenant.key
  const body = new URLSearchParams({ Action: action, Version: '2016-11-15', ...parameters }).toString()
  const place = { host: `127.0.0.1:${port}`, at: Date.now() }
  const { headers } = await signedPost(place, { key: { accessKeyId, secretAccessKey }, region: REGION, body })
  return { method: 'POST', path: '/', headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) }, body }
}
