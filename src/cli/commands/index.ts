/** All families of commands, in the order of the help. */
import type { Family } from '../leaf'
import { addressCommands } from './address'
import { calendarCommand } from './calendar'
import { costCommand } from './cost'
import { envCommand } from './env'
import { groupCommands } from './group'
import { hostCommands } from './host'
import { imageCommands } from './image'
import { instanceCommands } from './instance'
import { keyCommands } from './key'
import { networkCommands } from './network'
import { partnerCommands } from './partner'
import { pricesCommand } from './prices'
import { projectCommands } from './project'
import { providerCommands } from './provider'
import { quoteCommand } from './quote'
import { rebalanceCommands } from './rebalance'
import { reservationCommands } from './reservation'
import { stuckCommands } from './stuck'
import { tokenCommands } from './token'
import { topCommand } from './top'
import { typeCommands } from './type'
import { userCommands } from './user'
import { volumeCommands } from './volume'
import { whatifCommand } from './whatif'
import { zoneCommands } from './zone'

export const commandFamilies: readonly Family[] = [
  envCommand,
  hostCommands,
  providerCommands,
  pricesCommand,
  costCommand,
  partnerCommands,
  topCommand,
  rebalanceCommands,
  whatifCommand,
  quoteCommand,
  projectCommands,
  userCommands,
  keyCommands,
  tokenCommands,
  instanceCommands,
  volumeCommands,
  addressCommands,
  reservationCommands,
  groupCommands,
  calendarCommand,
  stuckCommands,
  imageCommands,
  typeCommands,
  networkCommands,
  zoneCommands,
]
