/**
 * Binds every operation to its context. Reads go through a mirror that shows its last known state while Redis is away; wishes,
 * and whatever decides by records, through one that then refuses.
 */

import type { MixinId } from '../model/ids'
import { NOBODY } from '../store/store'
import { openAccounts } from './accounts'
import { openAddresses } from './addresses'
import { openAdoptionOperations } from './adoption'
import { bootstrapOperator } from './bootstrap-operator'
import { consoleOutput } from './console-output'
import type { Context } from './context'
import { deleteComputes } from './delete-computes'
import { tolerant } from './fresh'
import { openGroups } from './groups'
import { openHostOperations } from './host'
import { addHost, listHosts, removeHost, setHostEnabled } from './hosts'
import { openDigestLogin } from './identify/digest'
import { openIdentifyByAccessKey } from './identify/identify-by-access-key'
import { identifyByName } from './identify/identify-by-name'
import { openIdentifyByPassword } from './identify/identify-by-password'
import { identifyByToken } from './identify/identify-by-token'
import { identifyOperator } from './identify/identify-operator'
import { openImageExports } from './image-exports'
import { openImageOperations } from './images'
import { listImages } from './images/see'
import { openInterfaces } from './interfaces'
import { openKeyPairs } from './key-pairs'
import { addKey, listKeys, removeKey, setKey } from './keys'
import { openLaunchTemplates } from './launch-templates'
import { listNetworks, listTypes, listZones, siteDefaults } from './list-offers'
import { addMixins } from './mixins/add-mixins'
import { associateMixin } from './mixins/associate-mixin'
import { listMixins } from './mixins/list-mixins'
import { removeMixins } from './mixins/remove-mixins'
import { openModify } from './modify'
import { moveCompute } from './move-compute'
import { openNetworks } from './networks'
import { openOffers } from './offers'
import type { Operations } from './operations'
import { openOwnKeys } from './own-keys'
import { openPlacementGroups } from './placement-groups'
import { openOperatorsGroups } from './placement-groups/for-operators'
import { addProject, listProjects, setProject } from './projects'
import { openProviders } from './providers'
import { purgeProject } from './purge-project'
import { getCompute, listComputes, namedComputes } from './read-computes'
import { readOnlyRefused } from './read-only'
import { readiness } from './readiness'
import { openRelocationOperations } from './relocation'
import { openReservations } from './reservations'
import { restartComputes } from './restart-computes'
import { ranBefore, runComputes } from './run-computes'
import { seedSimulatedPool } from './seed-simulated-pool'
import { setPower } from './set-power'
import { openStorageOperations } from './storage'
import { openSnapshotOperations } from './storage/snapshots'
import { giveUpStuck, listStuck, resumeStuck } from './stuck'
import { openStudies } from './studies'
import { tagResources } from './tag-resources'
import { openTogether } from './together'
import { addToken, listTokens, removeToken } from './tokens'
import { updateCompute } from './update-compute'
import { openUsage } from './usage'
import { userDataOf } from './user-data'
import { addUser, listUsers, removeUser, setUser } from './users'
import { computeEvents, explainCompute, findCompute, listAllComputes } from './watch-computes'

export type { Caller, Context, Operator } from './context'
export type { Operations } from './operations'
export { bootstrapOperator, seedSimulatedPool }

const siteMixin = ({ siteMixins }: Context, id: MixinId) => {
  const wish = siteMixins?.get(id)
  return wish && { wish }
}

/** All operations of one gateway. */
export function openOperations(context: Context): Operations {
  const { mirror } = context
  const reading: Context = { ...context, mirror: tolerant(mirror, context.log) }
  const accounts = openAccounts(context, reading)
  return readOnlyRefused({
    ...accounts,
    ...openAddresses(context, reading),
    ...openStorageOperations(context, reading),
    ...openSnapshotOperations(context, reading),
    ...openImageOperations(context, reading),
    ...openPlacementGroups(context, reading),
    ...openLaunchTemplates(context, reading),
    ...openImageExports(context),
    ...openOperatorsGroups(context, reading),
    identifyByPassword: openIdentifyByPassword(reading),
    identifyByAccessKey: openIdentifyByAccessKey(reading),
    identifyByToken: (token, actor) => identifyByToken(reading, token, actor),
    identifyByName: (name, actor) => identifyByName(reading, name, actor),
    ...(context.digest === 'on' ? { digest: openDigestLogin(reading) } : {}),
    identifyOperator: (token, actor) => identifyOperator(reading, token, actor),

    runComputes: (caller, order) => runComputes(context, caller, order),
    ranBefore: (caller, token) => ranBefore(context, caller, token),
    updateCompute: (caller, id, update) => updateCompute(context, caller, id, update),
    setPower: (caller, verb) => setPower(context, caller, verb),
    restartComputes: (caller, verb) => restartComputes(context, caller, verb),
    deleteComputes: (caller, verb) => deleteComputes(context, caller, verb),
    tagResources: (caller, change) => tagResources(context, caller, change),
    ...openKeyPairs(context, reading),
    ...openOwnKeys(context, reading),
    ...openProviders(context),
    ...openGroups(context, reading),
    ...openModify(context),
    ...openOffers(context, reading),
    ...openNetworks(context, reading),
    ...openInterfaces(context),
    ...openReservations(context, reading),
    consoleOutput: (caller, id) => consoleOutput(context, caller, id),
    listComputes: (caller) => listComputes(reading, caller),
    getCompute: (caller, id) => getCompute(reading, caller, id),
    userDataOf: (record) => userDataOf(context.ring, record),
    namedComputes: (caller, names) => namedComputes(reading, caller, names),

    addMixins: (caller, orders) => addMixins(context, caller, orders),
    removeMixins: (caller, ids) => removeMixins(context, caller, ids),
    listMixins: (caller) => listMixins(reading, caller),
    associateMixin: (caller, order) => associateMixin(context, caller, order),
    mixin: (id) => mirror.get('mixin', id) ?? siteMixin(context, id),

    listImages: (who) => listImages(reading, who),
    listTypes: () => listTypes(reading),
    listNetworks: (who) => listNetworks(reading, who),
    listZones: () => listZones(reading),
    defaults: () => siteDefaults(mirror),
    image: (id) => (id === null ? undefined : mirror.get('image', id)),
    network: (id) => mirror.get('network', id),
    asOf: ({ project }) => mirror.asOf(project),

    addProject: (operator, order) => addProject(context, operator, order),
    setProject: (operator, name, change) => setProject(context, operator, name, change),
    listProjects: () => listProjects(reading),
    purgeProject: (operator, name) => purgeProject(context, operator, name),
    addUser: (operator, order) => addUser(context, operator, order),
    listUsers: (_operator, project) => listUsers(reading, project),
    setUser: (operator, name, change) => setUser(context, operator, name, change),
    removeUser: (operator, name) => removeUser(context, operator, name),
    addKey: (operator, order) => addKey(context, operator, order),
    listKeys: (_operator, user) => listKeys(reading, user),
    setKey: (operator, id, change) => setKey(context, operator, id, change),
    removeKey: (operator, id) => removeKey(context, operator, id),
    addToken: (operator, order) => addToken(context, operator, order),
    listTokens: (_operator, user) => listTokens(reading, user),
    removeToken: (operator, id) => removeToken(context, operator, id),
    ...openHostOperations(context),
    ...openAdoptionOperations(context),
    ...openRelocationOperations(context),
    ...openStudies(context),
    ...openUsage(reading, () => accounts.costs({ actor: NOBODY }, {})),
    ...openTogether(context),
    addHost: (operator, order) => addHost(context, operator, order),
    listHosts: () => listHosts(reading),
    setHostEnabled: (operator, name, enabled) => setHostEnabled(context, operator, name, enabled),
    removeHost: (operator, name) => removeHost(context, operator, name),
    host: (id) => mirror.get('host', id),
    listAllComputes: (_operator, filter) => listAllComputes(reading, filter),
    findCompute: (_operator, nameOrId) => findCompute(reading, nameOrId),
    explainCompute: (_operator, nameOrId) => explainCompute(reading, nameOrId),
    computeEvents: (_operator, nameOrId, limit) => computeEvents(reading, nameOrId, limit),
    listStuck: () => listStuck(reading),
    resumeStuck: (operator, nameOrId) => resumeStuck(context, operator, nameOrId),
    giveUpStuck: (operator, nameOrId) => giveUpStuck(context, operator, nameOrId),
    moveCompute: (operator, nameOrId, order) => moveCompute(context, operator, nameOrId, order),
    project: (id) => mirror.get('project', id),

    readiness: () => readiness(context),
  })
}
