/** EC2's ClientToken, and a digest of all else that its order says. */
export interface OrderToken {
  readonly token: string
  readonly digest: string
}
