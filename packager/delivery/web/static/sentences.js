// The sentences of the page in the order in which they are spoken, and the ways from one to another.

'use strict'

{
  const BLOCKS = 'p, li, td, th, dt, dd, h1, h2, h3, h4, h5, h6, figcaption, caption, pre, figure'
  const HEADINGS = 'h1, h2, h3, h4, h5, h6'
  const NOTES = '[role="doc-endnotes"], [role="doc-footnote"]'

  const elements = [...document.querySelectorAll('[data-begin]')]
    .sort((one, other) => one.dataset.begin - other.dataset.begin)
  const begins = elements.map(element => Number(element.dataset.begin))
  const ends = elements.map(element => Number(element.dataset.end))
  const places = new Map(elements.map((element, index) => [element, index]))
  const last = elements.length - 1

  const block = index => elements[index].closest(BLOCKS) ?? elements[index]
  const heading = index => elements[index].closest(HEADINGS)

  /** The sentence that is spoken at a time in seconds; -1 before the first. */
  const at = time => {
    let low = 0
    let high = elements.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (begins[middle] <= time) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** Whether the reader wants this sentence passed over. */
  const isSkipped = index => {
    const { skip_notes: notes, skip_tables: tables } = reading.settings
    return (tables && elements[index].closest('table') !== null) || (notes && elements[index].closest(NOTES) !== null)
  }

  /** The first sentence from here on, in a direction, that fits; the one at the end where none does. */
  const seek = (from, step, fits) => {
    let index = from
    while (index >= 0 && index <= last) {
      if (fits(index)) return index
      index += step
    }
    return undefined
  }

  const startsBlock = index => index === 0 || block(index) !== block(index - 1)
  const startsHeading = index => heading(index) !== null && startsBlock(index)
  const isRead = index => !isSkipped(index)

  reading.sentences = {
    elements,
    begins,
    ends,
    last,
    at,
    isSkipped,
    indexOf: element => places.get(element),
    /** The sentence in which an event took place, if any. */
    around: target => places.get(target.closest?.('[data-begin]')),
    /** From a sentence to its neighbour: `step` is 1 or -1, `unit` is sentence, block or heading. */
    neighbour(index, step, unit) {
      const starts = { sentence: () => true, block: startsBlock, heading: startsHeading }[unit]
      return seek(index + step, step, candidate => isRead(candidate) && starts(candidate))
        ?? (step < 0 ? 0 : index)
    },
    /** The first sentence from here on that is not passed over. */
    nextRead: index => seek(index, 1, isRead),
    chapterOf: index => elements[index]?.closest('.chapter'),
  }
}
