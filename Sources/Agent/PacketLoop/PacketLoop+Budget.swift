import AgentCore
import LinkControl
import Logging
import NIOCore
import NIOPosix
import ServiceHost

extension PacketLoop {
    /// Saves how far the byte budget may count, if it is time; on a thread of its own, since disks take theirs.
    func saveBudgetIfDue() {
        guard let file = budgetFile, let state = core.byteBudget?.stateToSave(now: SystemClock.now()) else {
            return
        }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { try file.write(state) }
            .whenComplete { bound.value.savedBudget($0) }
    }

    private func savedBudget(_ result: Result<Void, any Error>) {
        switch result {
        case .success: note(budgetProblem: nil)
        case .failure(let error):
            // Frames are worth more than a count that only a crash would lose: it goes on in memory.
            note(
                budgetProblem:
                    "the byte budget's count cannot be saved, and would be lost in a crash: \(error)")
        }
        core.byteBudget?.saved()
        pump()
    }

    /// Saves what was counted, at the end.
    func saveBudget() {
        guard let file = budgetFile, let state = core.byteBudget?.state else { return }
        do {
            try file.write(state)
        } catch {
            note(budgetProblem: "the byte budget's count cannot be saved: \(error)")
        }
    }

    private func note(budgetProblem problem: String?) {
        guard budgetProblem != problem else { return }
        budgetProblem = problem
        if let problem { logger.error("\(problem)") }
    }
}
