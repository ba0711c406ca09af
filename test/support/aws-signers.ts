/** Requests signed as AWS's clients sign them, kept apart from sending so that tests can spoil them in between. */
import { createHash, createHmac } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { SignatureV4 } from '@smithy/signature-v4'
import { ANNS_KEY } from './ec2-server'

export interface Raw {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}
export interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}
/** Where it goes and when it is signed (ms). */
export interface Place {
  readonly host: string
  readonly at: number
}

export const FORM = 'application/x-www-form-urlencoded; charset=utf-8'
export const BODY = 'Action=DescribeRegions&Version=2016-11-15'

/** Sends exactly these headers and bytes: fetch would add and reorder. */
export const send = (raw: Raw, url: string): Promise<{ readonly status: number; readonly body: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const { method, path, headers } = raw
    const req = httpRequest({ hostname, port, method, path, headers, setHost: false })
    req.on('error', reject)
    req.on('response', (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('end', () => resolve({ status: res.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }))
    })
    req.end(raw.body)
  })

/** The hash that smithy's signer wants. */
class Sha256 {
  private readonly hash
  constructor(secret?: Uint8Array) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', Buffer.from(secret))
  }
  update(data: string | Uint8Array): void {
    this.hash.update(data)
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest()
  }
  reset(): void {}
}

const smithy = (credentials: Key, region: string, service: string) =>
  new SignatureV4({ credentials, region, service, sha256: Sha256 as never, uriEscapePath: true })

export interface PostOptions {
  readonly key?: Key
  readonly body?: string
  readonly path?: string
  readonly region?: string
  readonly service?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A POST signed as the SDK v3 does: V4 in the header. */
export async function signedPost(place: Place, options: PostOptions = {}): Promise<Raw & { readonly body: string }> {
  const { key = ANNS_KEY, body = BODY, path = '/', region = 'local-1', service = 'ec2', headers = {} } = options
  const [pathname = '/', query = ''] = path.split('?')
  const signed = await smithy(key, region, service).sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: pathname,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: { host: place.host, 'content-type': FORM, ...headers },
      body,
    },
    { signingDate: new Date(place.at) },
  )
  return { method: 'POST', path, headers: signed.headers, body }
}

const strictly = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)

/** A GET with V4 in the query. */
export async function presigned({ host, at }: Place, expiresIn = 900, key: Key = ANNS_KEY): Promise<Raw> {
  const query = {
    Action: 'DescribeRegions',
    Version: '2016-11-15',
    'Filter.1.Name': 'region-name',
    'Filter.1.Value.1': 'local *',
  }
  const signed = await smithy(key, 'local-1', 'ec2').presign(
    { method: 'GET', protocol: 'http:', hostname: '127.0.0.1', path: '/', query, headers: { host } },
    { signingDate: new Date(at), expiresIn },
  )
  const pairs = Object.entries(signed.query ?? {}).map(
    ([name, value]) => `${strictly(name)}=${strictly(String(value))}`,
  )
  return { method: 'GET', path: `/?${pairs.join('&')}`, headers: { host } }
}

export interface V2Options {
  readonly secret?: string
  /** The host that is signed. */
  readonly host?: string
  readonly method?: 'GET' | 'POST'
}

/** As boto 2, libcloud and Perl sign: V2, all in the query or the form. */
export function signedV2(place: Place, more: Readonly<Record<string, string>> = {}, options: V2Options = {}): Raw {
  const { secret = ANNS_KEY.secretAccessKey, host = place.host, method = 'GET' } = options
  const fields: Record<string, string> = {
    Action: 'DescribeRegions',
    Version: '2016-11-15',
    AWSAccessKeyId: ANNS_KEY.accessKeyId,
    SignatureVersion: '2',
    SignatureMethod: 'HmacSHA256',
    ...('Expires' in more ? {} : { Timestamp: new Date(place.at).toISOString() }),
    ...more,
  }
  const pairs = Object.keys(fields)
    .sort()
    .map((name) => `${strictly(name)}=${strictly(fields[name] ?? '')}`)
  const hash = fields.SignatureMethod === 'HmacSHA1' ? 'sha1' : 'sha256'
  const signature = createHmac(hash, secret)
    .update([method, host, '/', pairs.join('&')].join('\n'))
    .digest('base64')
  const all = [...pairs, `Signature=${strictly(signature)}`].join('&')
  return method === 'GET'
    ? { method, path: `/?${all}`, headers: { host: place.host } }
    : { method, path: '/', headers: { host: place.host, 'content-type': FORM }, body: all }
}
