import { action } from '../action'
import { instanceNamed } from '../resources/instances'

/** GetPasswordData: empty, as EC2 says it of a machine whose system generated no password for it. */
export const getPasswordData = action('GetPasswordData', { InstanceId: 'honoured' }, async (input, context) => {
  const { wish, seen } = await instanceNamed(input.InstanceId, context)
  return { InstanceId: wish.name, Timestamp: new Date(seen.startedAt ?? wish.createdAt), PasswordData: '' }
})
