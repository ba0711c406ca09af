/** What we use of aws4, which has no types of its own. */
declare module 'aws4' {
  export interface Request {
    readonly host?: string
    readonly method?: string
    readonly path?: string
    readonly service?: string
    readonly region?: string
    readonly body?: string
    readonly headers?: Readonly<Record<string, string>>
  }
  export function sign(
    request: Request,
    key: { readonly accessKeyId: string; readonly secretAccessKey: string },
  ): { readonly headers: Readonly<Record<string, string>> }
}
