import AgentCore
import CollectorCore
import WireFormat

extension Simulation {
    /// Hands out what has arrived on either side.
    mutating func receive(now: MonotonicInstant) {
        while let arrival = outbound.popDue(now) {
            switch arrival {
            case .datagram(let agent, let datagram): receive(datagram, from: agent, now: now)
            case .competing: send(arrival, bytes: CompetingFlow.acknowledgementBytes, backAt: now)
            }
        }
        while let arrival = inbound.popDue(now) {
            switch arrival {
            case .datagram(let agent, let datagram):
                unsafe agents[agent].core.receive(datagram.span.bytes, now: now)
            case .competing(let flow, let sequence): flows[flow].acknowledged(sequence, now: now)
            }
        }
    }

    private mutating func receive(_ datagram: [UInt8], from agent: Int, now: MonotonicInstant) {
        let tally = tally
        collector.receive(
            unsafe datagram.span.bytes, from: agents[agent].address, now: now,
            wall: SimulationClock.wall(at: now)
        ) { frame, values in
            tally.delivered(frame, from: agent, values: values, at: now.nanoseconds)
        }
    }

    /// Sends all that everyone has to send now.
    mutating func send(now: MonotonicInstant) {
        for index in agents.indices { sendData(of: index, now: now) }
        for index in flows.indices {
            flows[index].advance(to: now)
            while let sequence = flows[index].nextPacket(now: now) {
                let arrival = Arrival.competing(flow: index, sequence: sequence)
                let bytes = CompetingFlow.packetBytes
                guard case .delivered(let due) = forward.enqueue(bytes: bytes, at: now) else { continue }
                tally.carried(bytes: bytes, of: .competing(index), at: due.nanoseconds)
                outbound.insert(arrival, due: due)
            }
        }
        while true {
            let (address, datagram) = buffer.write { collector.nextDatagram(into: &$0, now: now) }
            guard let address else { return }
            tally.sentBack(datagram, overhead: PacketLimits.ipv4Overhead, at: now.nanoseconds)
            send(
                .datagram(agent: SimulatedAgent.index(of: address), datagram),
                bytes: datagram.count + PacketLimits.ipv4Overhead, backAt: now)
        }
    }

    private mutating func sendData(of index: Int, now: MonotonicInstant) {
        let agent = agents[index]
        while true {
            let (isWritten, datagram) = buffer.write { agent.core.nextDatagram(into: &$0, now: now) }
            guard isWritten else { return }
            let bytes = datagram.count + PacketLimits.ipv4Overhead
            tally.sent(datagram, by: index, overhead: PacketLimits.ipv4Overhead, at: now.nanoseconds)
            guard case .delivered(let due) = forward.enqueue(bytes: bytes, at: now) else { continue }
            let finish = SimulationClock.start.nanoseconds + forward.lastFinish
            tally.queued(finish - now.nanoseconds, at: now.nanoseconds)
            tally.carried(bytes: bytes, of: .agent(index), at: due.nanoseconds)
            outbound.insert(.datagram(agent: index, datagram), due: due)
        }
    }

    private mutating func send(_ arrival: Arrival, bytes: Int, backAt now: MonotonicInstant) {
        guard case .delivered(let due) = backward.enqueue(bytes: bytes, at: now) else { return }
        inbound.insert(arrival, due: due)
    }
}
