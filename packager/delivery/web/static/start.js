// Where the reader was last time, kept for each book.

'use strict'

{
  const { voice, sentences } = reading
  const key = `packager.place.${document.body.dataset.book}`

  document.documentElement.classList.add('is-ready')

  if (voice.audio) {
    const place = reading.recall(key)
    const index = place && sentences.indexOf(document.getElementById(place.id))
    // A link to a part of the text begins there; loaded again, the page goes on where it was.
    const isFollowed = performance.getEntriesByType('navigation')[0]?.type === 'navigate'
    const linked = isFollowed && document.querySelector('#text :target')
    const first = linked && (linked.matches('[data-begin]') ? linked : linked.querySelector('[data-begin]'))
    if (first) {
      voice.go(sentences.indexOf(first))
    } else if (index !== undefined) {
      voice.go(index)
      if (index > 0) reading.view.show(index, false)
    } else if (typeof place?.time === 'number') {
      voice.goTo(place.time)
    }

    const keep = () => {
      // Heard to its end: next time it begins again.
      if (voice.audio.ended) {
        reading.remember(key, { id: '', time: 0 })
        return
      }
      const element = sentences.elements[voice.current]
      reading.remember(key, { id: element?.id ?? '', time: voice.audio.currentTime })
    }
    voice.onSentence(keep)
    voice.onState(keep)
    addEventListener('pagehide', keep)
  }
}
