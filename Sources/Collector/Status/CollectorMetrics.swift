import CollectorCore
import ServiceHost
import WireFormat

/// What `GET /metrics` says.
enum CollectorMetrics {
    static func families(_ snapshot: CollectorSnapshot) -> [MetricFamily] {
        packets(snapshot.receive) + frames(snapshot) + sessions(snapshot.receive.status)
    }

    private static func packets(_ snapshot: ReceiveSnapshot) -> [MetricFamily] {
        let counters = snapshot.status.counters
        return [
            counter(
                "weir_collector_datagrams_received_total", "Datagrams that came.", counters.datagramsReceived),
            counter("weir_collector_received_bytes_total", "Bytes of these.", counters.bytesReceived),
            counter(
                "weir_collector_datagrams_sent_total", "Datagrams made for sending.", counters.datagramsSent),
            counter(
                "weir_collector_datagrams_unsent_total", "Those that the system did not take.",
                snapshot.unsent),
            counter(
                "weir_collector_kernel_drops_total",
                "Datagrams that the kernel dropped: they were not read in time.",
                snapshot.kernelDrops),
            MetricFamily(
                counter: "weir_collector_malformed_total", help: "Datagrams that are no packets, by kind.",
                samples: WireError.Kind.allCases.map {
                    MetricSample(["kind": "\($0)"], Double(counters.malformed($0)))
                }),
            MetricFamily(
                counter: "weir_collector_dropped_total", help: "What was thrown away, by reason.",
                samples: CollectorDrop.allCases.map {
                    MetricSample(["reason": $0.rawValue], Double(counters.dropped($0)))
                }),
        ]
    }

    private static func frames(_ snapshot: CollectorSnapshot) -> [MetricFamily] {
        let sink = snapshot.sink
        return [
            counter(
                "weir_collector_frames_delivered_total", "Frames rebuilt.",
                snapshot.receive.status.counters.framesDelivered),
            counter("weir_sink_frames_stored_total", "Frames stored.", sink.stored),
            counter(
                "weir_sink_frames_duplicate_total", "Frames that the database had already.", sink.duplicates),
            MetricFamily(
                counter: "weir_sink_frames_dropped_total", help: "Frames that were not stored, by reason.",
                samples: [
                    MetricSample(["reason": "queue_full"], Double(snapshot.queue.refused)),
                    MetricSample(["reason": "stopping"], Double(sink.lost)),
                ]),
            MetricFamily(
                counter: "weir_sink_frames_deleted_total",
                help: "Stored frames that were deleted, by reason.",
                samples: [
                    MetricSample(["reason": "age"], Double(sink.deletedByAge)),
                    MetricSample(["reason": "size"], Double(sink.deletedBySize)),
                ]),
            counter("weir_sink_write_failures_total", "Attempts to write that failed.", sink.failures),
            gauge(
                "weir_sink_frames_waiting", "Frames that wait for the disk.", Double(snapshot.queue.frames)),
            gauge("weir_sink_up", "Whether the database can be written.", sink.problem == nil ? 1 : 0),
            gauge("weir_sink_file_bytes", "The database's size.", Double(sink.fileBytes)),
        ]
    }

    private static func sessions(_ status: CollectorStatus) -> [MetricFamily] {
        func samples(_ value: (StreamStatus) -> UInt64) -> [MetricSample] {
            status.sessions.flatMap { session in
                session.streams.map {
                    MetricSample(["gateway": session.gateway, "stream": $0.name], Double(value($0)))
                }
            }
        }
        return [
            gauge("weir_collector_sessions", "Connected agents.", Double(status.sessions.count)),
            gauge(
                "weir_collector_bundles", "Bundles that streams can be accepted with.", Double(status.bundles)
            ),
            MetricFamily(
                gauge: "weir_collector_stream_frames_delivered",
                help: "Frames rebuilt in the present sessions.",
                samples: samples(\.framesDelivered)),
            MetricFamily(
                gauge: "weir_collector_stream_frames_missing",
                help: "Frames not there in the present sessions.",
                samples: samples(\.missing)),
        ]
    }

    private static func counter(_ name: String, _ help: String, _ value: UInt64) -> MetricFamily {
        MetricFamily(counter: name, help: help, samples: [MetricSample([:], Double(value))])
    }

    private static func gauge(_ name: String, _ help: String, _ value: Double) -> MetricFamily {
        MetricFamily(gauge: name, help: help, samples: [MetricSample([:], value)])
    }
}
