import { action } from '../action'
import { filterBy } from '../filters/filter'
import { instanceTypeFilters } from '../filters/instance-type-filters'
import { pick } from '../filters/pick'
import { page, refusePagingOfNamed } from '../paging'
import { showInstanceType } from '../show/instance-type'

/** DescribeInstanceTypes: the types that the operator offers. */
export const describeInstanceTypes = action(
  'DescribeInstanceTypes',
  {
    InstanceTypes: 'honoured',
    Filters: 'honoured',
    MaxResults: 'honoured',
    NextToken: 'honoured',
    IncludeUnsupportedInRegion: 'ignored',
  },
  async (input, context) => {
    refusePagingOfNamed(input.InstanceTypes, input.MaxResults, 'InstanceType')
    const matches = filterBy(input.Filters, instanceTypeFilters, context)
    const types = pick(await context.operations.listTypes(context.caller), input.InstanceTypes, {
      nameOf: (type) => type.wish.name,
      field: 'InstanceType',
      subject: 'type',
      says: (names) => `The following supplied instance types do not exist: [${names}]`,
    })
    const { things, next } = page(
      types,
      (type) => matches(showInstanceType(type)),
      input,
      {
        action: 'DescribeInstanceTypes',
        min: 5,
        max: 100,
        idOf: (type) => type.id,
        // In order of their size: where the last of a page is gone, they are told from the first again.
        madeAt: () => 0,
      },
      context,
    )
    return { InstanceTypes: things.map(showInstanceType), NextToken: next }
  },
)
