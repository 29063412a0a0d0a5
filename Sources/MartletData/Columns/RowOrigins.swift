/// Where a row came from, so that an error at run time can say `reviews.csv:1819`, row 1817.
package struct RowPlace: Hashable, Sendable {
    /// Index into `RowOrigins.sources`; -1 if the row has no outside source.
    package var source: Int32
    /// 1-based line (CSV, JSON Lines) where the row starts; 0 if lines mean nothing.
    package var line: Int64
    /// 1-based number of the row in its `load`, counted over all its files: unique and rising in reading order.
    package var ordinal: Int64

    package init(source: Int32, line: Int64, ordinal: Int64) {
        self.source = source
        self.line = line
        self.ordinal = ordinal
    }
}

/// The places of a morsel's rows. A value with shared storage: slicing is O(1), gathering O(rows).
package struct RowOrigins: Sendable {
    /// File names as the user wrote them.
    package let sources: [String]
    package let count: Int
    private let offset: Int
    private let places: Places

    private enum Places: Sendable {
        /// Rows from this one on, each a line and an ordinal after the one before.
        case run(RowPlace)
        case each([RowPlace])
    }

    package init(sources: [String], places: [RowPlace]) {
        self.init(sources: sources, count: places.count, offset: 0, places: .each(places))
    }

    /// `count` rows from `first` on, each of which takes a line.
    package init(sources: [String], first: RowPlace, count: Int) {
        self.init(sources: sources, count: count, offset: 0, places: .run(first))
    }

    private init(sources: [String], count: Int, offset: Int, places: Places) {
        self.sources = sources
        self.count = count
        self.offset = offset
        self.places = places
    }

    /// Rows without an outside source (`values`, aggregates), numbered from `firstOrdinal`.
    package static func numbered(count: Int, from firstOrdinal: Int = 1) -> RowOrigins {
        RowOrigins(sources: [], first: RowPlace(source: -1, line: 0, ordinal: Int64(firstOrdinal)), count: count)
    }

    package subscript(row: Int) -> RowPlace {
        precondition(row >= 0 && row < count, "bug: row \(row) of \(count)")
        switch places {
        case .each(let places): return places[offset + row]
        case .run(var place):
            place.ordinal += Int64(offset + row)
            if place.source >= 0 { place.line += Int64(offset + row) }
            return place
        }
    }

    /// `reviews.csv:1819`, or nil if the row has no outside source.
    package func placeText(_ row: Int) -> String? {
        let place = self[row]
        guard let name = sourceName(place) else { return nil }
        return place.line > 0 ? "\(name):\(place.line)" : name
    }

    package func sourceName(_ place: RowPlace) -> String? {
        place.source >= 0 && Int(place.source) < sources.count ? sources[Int(place.source)] : nil
    }

    package func slice(_ range: Range<Int>) -> RowOrigins {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "bug: rows \(range) of \(count)")
        return RowOrigins(sources: sources, count: range.count, offset: offset + range.lowerBound, places: places)
    }

    /// Index -1 gives a row without a place.
    package func gather(_ indices: [Int]) -> RowOrigins {
        RowOrigins(
            sources: sources,
            places: indices.map { $0 < 0 ? RowPlace(source: -1, line: 0, ordinal: 0) : self[$0] })
    }

    package static func concat(_ parts: [RowOrigins]) -> RowOrigins {
        if parts.count == 1 { return parts[0] }
        var sources: [String] = []
        var places: [RowPlace] = []
        places.reserveCapacity(parts.reduce(0) { $0 + $1.count })
        for part in parts {
            let renumbered = part.sources.map { name in
                if let known = sources.firstIndex(of: name) { return Int32(known) }
                sources.append(name)
                return Int32(sources.count - 1)
            }
            for row in 0..<part.count {
                var place = part[row]
                place.source = place.source >= 0 ? renumbered[Int(place.source)] : -1
                places.append(place)
            }
        }
        return RowOrigins(sources: sources, places: places)
    }
}
