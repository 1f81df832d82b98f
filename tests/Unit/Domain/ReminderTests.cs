using AkkaScale.Domain.Tasks;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

public sealed class ReminderTests
{
    private static readonly DateTimeOffset Due = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TaskCreated Created = new("apollo", "Launch", Priority.Normal, [], "root", null, Due);
    private static readonly TaskReminded Reminded = new(Due, "root");

    [Fact]
    public void A_task_with_a_due_time_has_a_timer_until_it_has_reminded()
    {
        var task = Scenario.Task(Created);
        Assert.Equal([("due", Due)], TaskEntity.Timers(task.State));
        var state = task.When(new RemindTask()).Then(new TaskReminded(Due, "ann"));
        Assert.Equal(Due, state.RemindedFor);
        Assert.Equal(Scenario<TaskState, TaskCommand, TaskEvent>.TimeOf(1), state.UpdatedAt);
        Assert.Empty(TaskEntity.Timers(state));
        task.When(new RemindTask()).Unchanged();
    }

    [Fact]
    public void Scheduling_anew_sets_it_anew()
    {
        Assert.Equal([("due", Due.AddDays(1))], Timers(Created, Reminded, new TaskScheduled("root", Due.AddDays(1))));
        Assert.Equal([("due", Due)], Timers(Created, Reminded, new TaskScheduled("root"), new TaskScheduled("root", Due)));
        Assert.Empty(Timers(Created, new TaskScheduled("root")));
        Assert.Empty(Timers(new TaskCreated("apollo", "Launch", Priority.Normal, [], "root")));
    }

    [Fact]
    public void A_task_that_nobody_can_work_on_does_not_remind()
    {
        AssertSilent(Created, new TaskCompleted("root"));
        AssertSilent(Created, new TaskFrozen("root"));
        Assert.Empty(Timers(Created, new TaskDeleted("root")));
        Assert.Empty(TaskEntity.Timers(TaskState.Initial));
        Assert.Equal([("due", Due)], Timers(Created, new TaskCompleted("root"), new TaskReopened("root")));
        Assert.Equal([("due", Due)], Timers(Created, new TaskFrozen("root"), new TaskUnfrozen("root")));
        Assert.Equal([("due", Due)], Timers(Created, new TaskStarted("root")));
    }

    private static void AssertSilent(params TaskEvent[] events)
    {
        Assert.Empty(Timers(events));
        Scenario.Task(events).When(new RemindTask()).Unchanged();
    }

    private static IEnumerable<(string, DateTimeOffset)> Timers(params TaskEvent[] events) => TaskEntity.Timers(Scenario.Task(events).State);
}
