import type { QueryAction } from '../action'

/** STS GetSessionToken: temporary credentials that may do what the key may. There is no second factor here. */
export const getSessionToken: QueryAction = {
  service: 'sts',
  name: 'GetSessionToken',
  uses: { DurationSeconds: 'honoured', SerialNumber: 'refused', TokenCode: 'refused' },
  async run(input, { operations, caller }) {
    const made = await operations.newSession(caller, input.whole('DurationSeconds', 900, 129_600))
    return {
      Credentials: {
        AccessKeyId: made.accessKeyId,
        SecretAccessKey: made.secretAccessKey,
        SessionToken: made.sessionToken,
        Expiration: new Date(made.endsAt),
      },
    }
  },
}
