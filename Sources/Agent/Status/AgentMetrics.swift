import AgentCore
import LinkControl
import ServiceHost

/// What `GET /metrics` says.
enum AgentMetrics {
    static func families(_ snapshot: AgentSnapshot) -> [MetricFamily] {
        link(snapshot.status) + budget(snapshot.status.budget) + packets(snapshot) + ingest(snapshot.ingest)
            + streams(snapshot.status.streams)
    }

    private static func link(_ status: AgentStatus) -> [MetricFamily] {
        var families = [
            MetricFamily(
                gauge: "weir_link_up", help: "Whether the collector takes frames and reports.",
                samples: [MetricSample(status.isUp ? 1 : 0)]),
            MetricFamily(
                gauge: "weir_link_queue_delay_seconds", help: "Queueing delay of the last report.",
                samples: [MetricSample(status.queueDelay.milliseconds / 1_000)]),
            MetricFamily(
                gauge: "weir_link_loss_ratio", help: "Averaged share of packets lost.",
                samples: [MetricSample(status.loss)]),
            MetricFamily(
                counter: "weir_link_outages_total", help: "Outages of the link.",
                samples: [MetricSample(Double(status.outages))]),
        ]
        if let rate = status.rate {
            families.append(
                MetricFamily(
                    gauge: "weir_link_rate_bits_per_second",
                    help: "Rate that may be sent at, at the IP level.",
                    samples: [MetricSample(rate.bitsPerSecond)]))
        }
        if let roundTrip = status.roundTrip {
            families.append(
                MetricFamily(
                    gauge: "weir_link_round_trip_seconds", help: "Averaged time from a packet to its report.",
                    samples: [MetricSample(roundTrip.milliseconds / 1_000)]))
        }
        return families
    }

    private static func packets(_ snapshot: AgentSnapshot) -> [MetricFamily] {
        let packets = snapshot.status.packets
        return [
            counter("weir_agent_packets_sent_total", "Packets made for sending.", packets.sent),
            counter("weir_agent_sent_bytes_total", "Bytes of these at the IP level.", packets.sentBytes),
            counter("weir_agent_sessions_total", "Sessions begun.", packets.sessions),
            counter("weir_agent_reports_total", "Reports received.", packets.reports),
            MetricFamily(
                counter: "weir_agent_packets_refused_total",
                help: "Packets received and not used, by reason.",
                samples: [
                    MetricSample(["reason": "malformed"], Double(packets.malformed)),
                    MetricSample(["reason": "foreign"], Double(packets.foreign)),
                    MetricSample(["reason": "unexpected"], Double(packets.unexpected)),
                ]),
            MetricFamily(
                counter: "weir_agent_packets_unsent_total", help: "Packets that did not leave, by reason.",
                samples: [
                    MetricSample(["reason": "without_upstream"], Double(snapshot.counts.withoutUpstream)),
                    MetricSample(["reason": "lost_locally"], Double(snapshot.counts.lostLocally)),
                    MetricSample(["reason": "unreachable"], Double(snapshot.counts.unreachable)),
                    MetricSample(["reason": "refused"], Double(snapshot.counts.refused)),
                    MetricSample(["reason": "too_large"], Double(snapshot.counts.tooLarge)),
                ]),
            counter(
                "weir_agent_path_changes_total", "Times that packets began to go another way.",
                snapshot.counts.pathChanges),
            MetricFamily(
                counter: "weir_agent_network_messages_lost_total",
                help: "What the kernel said of its network and was not understood or not read, by reason.",
                samples: [
                    MetricSample(["reason": "malformed"], Double(snapshot.counts.networkMalformed)),
                    MetricSample(["reason": "overrun"], Double(snapshot.counts.networkOverruns)),
                ]),
            counter(
                "weir_agent_failed_resolutions_total",
                "Resolutions of the upstream without an allowed address.",
                snapshot.counts.failedResolutions),
        ]
    }

    private static func ingest(_ counts: IngestCounts) -> [MetricFamily] {
        [
            MetricFamily(
                gauge: "weir_ingest_connections", help: "Open connections of producers.",
                samples: [MetricSample(Double(counts.connections))]),
            counter("weir_ingest_frames_total", "Frames read from producers.", counts.frames),
            MetricFamily(
                counter: "weir_ingest_errors_total", help: "Connections refused or closed, by reason.",
                samples: IngestError.Reason.allCases.map {
                    MetricSample(["reason": $0.rawValue], Double(counts.errors[$0] ?? 0))
                }),
        ]
    }

    private static func streams(_ streams: [AgentStreamStatus]) -> [MetricFamily] {
        func samples(_ value: (AgentStreamStatus) -> Double) -> [MetricSample] {
            streams.map { MetricSample(["stream": $0.name], value($0)) }
        }
        return [
            MetricFamily(
                counter: "weir_stream_frames_offered_total", help: "Frames taken from producers.",
                samples: samples { Double($0.offered) }),
            MetricFamily(
                counter: "weir_stream_frames_sent_total", help: "Frames sent.",
                samples: samples { Double($0.sent) }),
            MetricFamily(
                counter: "weir_stream_frames_acknowledged_total",
                help: "Frames in packets that were reported.",
                samples: samples { Double($0.acknowledged) }),
            MetricFamily(
                counter: "weir_stream_frames_dropped_total", help: "Frames not sent, by reason.",
                samples: streams.flatMap { stream in
                    DropReason.allCases.map {
                        MetricSample(["stream": stream.name, "reason": "\($0)"], Double(stream.dropped[$0]))
                    }
                }),
            MetricFamily(
                gauge: "weir_stream_frames_pending", help: "Frames that wait.",
                samples: samples { Double($0.pending) }),
            MetricFamily(
                gauge: "weir_stream_rung", help: "Rung of the last block, 0 is the cheapest.",
                samples: samples { Double($0.rung) }),
            MetricFamily(
                gauge: "weir_stream_expected_mse", help: "Distortion that the ladder gives for that rung.",
                samples: samples { $0.expectedDistortion }),
        ]
    }

    private static func counter(_ name: String, _ help: String, _ value: UInt64) -> MetricFamily {
        MetricFamily(counter: name, help: help, samples: [MetricSample(Double(value))])
    }
}

extension MetricSample {
    /// A sample without labels.
    fileprivate init(_ value: Double) {
        self.init([:], value)
    }
}

extension AgentStatus {
    /// Whether frames get through, as far as the agent knows.
    var isUp: Bool {
        guard phase == .established, let link else { return false }
        return switch link {
        case .silent, .outage: false
        case .starting, .steady, .probing, .congested: true
        }
    }
}
