import { fault } from '../../faults'
import { action } from '../action'
import { shorten } from '../codec'
import { filterBy } from '../filters/filter'
import { page } from '../paging'

const nothing = { says: {}, silent: ['instance-id', 'state'] }

/** DescribeIamInstanceProfileAssociations: none, because there are no instance profiles here. */
export const describeIamInstanceProfileAssociations = action(
  'DescribeIamInstanceProfileAssociations',
  { AssociationIds: 'honoured', Filters: 'honoured', MaxResults: 'honoured', NextToken: 'honoured' },
  async (input, context) => {
    const [id] = input.AssociationIds ?? []
    if (id !== undefined)
      throw fault('not-found', `An invalid association-id of '${shorten(id)}' was given`, {
        field: 'AssociationId',
        subject: { kind: 'association', id: shorten(id) },
      })
    const paging = {
      action: 'DescribeIamInstanceProfileAssociations',
      min: 5,
      max: 1000,
      idOf: () => '',
      madeAt: () => 0,
    }
    page([], filterBy<never>(input.Filters, nothing, context), input, paging, context)
    return { IamInstanceProfileAssociations: [] }
  },
)
