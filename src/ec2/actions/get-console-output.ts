import { action } from '../action'
import { instanceNamed } from '../resources/instances'

/** GetConsoleOutput: the newest 64 KiB, looked up on the host whenever it is asked for, so Latest says nothing new. */
export const getConsoleOutput = action(
  'GetConsoleOutput',
  { InstanceId: 'honoured', Latest: 'ignored' },
  async (input, context) => {
    const { id, wish } = await instanceNamed(input.InstanceId, context)
    if (input.DryRun === true) return { InstanceId: wish.name }
    const seen = await context.operations.consoleOutput(context.caller, id)
    if (seen === null || seen.text === null) return { InstanceId: wish.name }
    return {
      InstanceId: wish.name,
      Timestamp: new Date(seen.at),
      Output: Buffer.from(seen.text, 'utf8').toString('base64'),
    }
  },
)
