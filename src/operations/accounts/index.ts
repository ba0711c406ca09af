import { openLedger } from '../../store/ledger'
import type { Context } from '../context'
import { readCosts, readUses } from './costs'
import type { AccountOperations } from './operations'
import { readPrices, setPrices } from './prices'

/** `reading`: shows its last known state while Redis is away. */
export function openAccounts(context: Context, reading: Context): AccountOperations {
  const ledger = openLedger(context.store)
  return {
    prices: () => readPrices(reading),
    setPrices: (operator, change) => setPrices(context, operator, change),
    costs: (_operator, asked) => readCosts(reading, ledger, asked),
    uses: (_operator, asked) => readUses(reading, asked),
  }
}
