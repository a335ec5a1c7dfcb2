import Bundles
import LinkControl
import Logging
import ServiceHost
import Settings
import WireFormat

/// A byte budget and the file that it outlasts a restart in.
struct KeptByteBudget {
    var budget: ByteBudget
    /// Nil where the budget has nothing to keep.
    var file: ByteBudgetFile?
}

extension AgentProcess {
    /// The byte budget that the settings ask for, with what was counted before; nil when they ask for none. A first
    /// state is saved before anything is sent.
    static func byteBudget(_ settings: AgentSettings, _ logger: Logger) throws(AgentStartError)
        -> KeptByteBudget?
    {
        let link = settings.link
        guard link.maximumBitsPerSecond != nil || link.dayBudget != nil || link.monthBudget != nil else {
            if link.isMetered {
                logger.warning("the link is metered, but neither day_budget nor month_budget is set")
            }
            return nil
        }
        let configuration = ByteBudgetConfiguration(
            bytesPerSecond: link.maximumBitsPerSecond.map { $0 / 8 }, bytesPerDay: link.dayBudget,
            bytesPerMonth: link.monthBudget, monthStartsOn: link.monthStartsOn)
        func begin(_ state: ByteBudgetState?) -> ByteBudget {
            ByteBudget(
                configuration: configuration, state: state, now: SystemClock.now(), wall: SystemClock.wall(),
                isSynchronized: SystemClock.isSynchronized())
        }
        guard configuration.isPersistent else { return KeptByteBudget(budget: begin(nil), file: nil) }
        let file = ByteBudgetFile(directory: settings.statePath)
        var budget: ByteBudget
        switch file.read() {
        case .none: budget = begin(nil)
        case .state(let state): budget = begin(state)
        case .broken(let problem):
            budget = begin(nil)
            budget.assumeMostUsed()
            logger.error(
                "the byte budget's count is damaged: as much as may have been used since the day and the month began counts as used",
                metadata: ["problem": "\(problem)"])
        }
        do throws(FileError) {
            if let state = budget.stateToSave(now: SystemClock.now()) { try file.write(state) }
        } catch {
            let key = link.dayBudget == nil ? "link.month_budget" : "link.day_budget"
            let message =
                "its count cannot be kept in \(file.path): \(error); allowed: a state_directory to write in"
            throw AgentStartError(settings.source.diagnostic(key, message))
        }
        budget.saved()
        return KeptByteBudget(budget: budget, file: file)
    }
}
