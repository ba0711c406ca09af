/** The operators' command line in this process. */
import { program } from '../../src/cli/program'

/** Where it calls, and as whom. */
export const operatorAt = ({ url, token }: { readonly url: string; readonly token: string }): NodeJS.ProcessEnv => ({
  OCCI_GATEWAY_ADMIN_URL: url,
  OCCI_GATEWAY_ADMIN_TOKEN: token,
})

/** What a command prints, and why it fails; null: it does not. */
export async function endCli(
  env: NodeJS.ProcessEnv,
  ...words: readonly string[]
): Promise<{ readonly said: string; readonly failed: unknown }> {
  const said: string[] = []
  const failed = await program(env, (text) => said.push(text))
    .parseAsync([...words], { from: 'user' })
    .then(
      () => null,
      (thrown: unknown) => thrown,
    )
  return { said: said.join(''), failed }
}

/** What a command prints. What it fails with is thrown. */
export async function runCli(env: NodeJS.ProcessEnv, ...words: readonly string[]): Promise<string> {
  const { said, failed } = await endCli(env, ...words)
  if (failed !== null) throw failed
  return said
}
