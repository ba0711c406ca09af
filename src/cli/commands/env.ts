/** `env`: the first session as shell exports, for `eval "$(occi-gateway env)"`. */
import { join } from 'node:path'
import { fault } from '../../faults'
import { type Family, whereabouts } from '../leaf'
import { readSession, shellExports } from '../session'

export const envCommand: Family = (root, cli) => {
  root
    .command('env')
    .description('print the first session (endpoints, user, keys) as shell exports')
    .option('--data <folder>', "the gateway's data folder [OCCI_GATEWAY_DATA]")
    .option('--config <file>', "the gateway's configuration file [OCCI_GATEWAY_CONFIG]")
    .action((options: { data?: string; config?: string }) => {
      const { data } = whereabouts(cli, options)
      const session = readSession(data)
      if (!session)
        throw fault(
          'not-found',
          `${join(data, 'first-session.json')} is not there: \`occi-gateway up\` makes it; for another project use what \`project add\` printed`,
        )
      cli.print(shellExports(session))
    })
}
