/** What is said before anything begins. Pure. */
import { costLines } from './cost'
import type { LiveSettings } from './settings'
import { MARK } from './stage'

/** A line each; no secret is in it. */
export const planLines = ({ endpoint, region, type, image, subnet }: LiveSettings): readonly string[] => [
  `At ${endpoint} (${region}), with the account of AWS_ACCESS_KEY_ID, this will`,
  `  terminate what bears the tag ${MARK.tag}=${MARK.site}: what an earlier run left, or one that runs beside this one;`,
  `  make one ${type} from ${image}${subnet === null ? '' : ` in ${subnet}`}, look at it, stop it, start it, read its console;`,
  '  terminate it, also when it fails or is interrupted.',
  'That can cost:',
  ...costLines,
  'A process that is killed outright (kill -9, no power) terminates nothing, and its machine costs on until the next run, or until you end it.',
]

/** How a person ends what could not be ended here. */
export const byHand = ({ region }: Pick<LiveSettings, 'region'>): string =>
  `look yourself: aws ec2 describe-instances --region ${region} --filters Name=tag:${MARK.tag},Values=${MARK.site}`
