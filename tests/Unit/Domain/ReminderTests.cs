using AkkaScale.Domain.Tasks;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

public sealed class ReminderTests
{
    private static readonly DateTimeOffset Due = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TaskCreated Created = new("apollo", "Launch", Priority.Normal, [], "root", null, Due);
    private static readonly TaskReminded Reminded = new(Due, "root");

    [Fact]
    public void A_task_with_a_due_time_reminds_once()
    {
        var task = Scenario.Task(Created);
        var state = task.When(new RemindTask()).Then(new TaskReminded(Due, "ann"));
        Assert.Equal(Due, state.RemindedFor);
        Assert.Equal(Scenario<TaskState, TaskCommand, TaskEvent>.TimeOf(1), state.UpdatedAt);
        task.When(new RemindTask()).Unchanged();
    }

    [Fact]
    public void Scheduled_anew_it_reminds_again()
    {
        AssertReminds(Due.AddDays(1), Created, Reminded, new TaskScheduled("root", Due.AddDays(1)));
        AssertReminds(Due, Created, Reminded, new TaskScheduled("root"), new TaskScheduled("root", Due));
        AssertSilent(Created, new TaskScheduled("root"));
        AssertSilent(new TaskCreated("apollo", "Launch", Priority.Normal, [], "root"));
    }

    [Fact]
    public void A_task_that_nobody_can_work_on_does_not_remind()
    {
        AssertSilent(Created, new TaskCompleted("root"));
        AssertSilent(Created, new TaskFrozen("root"));
        Scenario.Task(Created, new TaskDeleted("root")).When(new RemindTask()).Refused("task/deleted");
        Scenario.Task().When(new RemindTask()).Refused("task/not-found");
        AssertReminds(Due, Created, new TaskCompleted("root"), new TaskReopened("root"));
        AssertReminds(Due, Created, new TaskFrozen("root"), new TaskUnfrozen("root"));
        AssertReminds(Due, Created, new TaskStarted("root"));
    }

    private static void AssertReminds(DateTimeOffset due, params TaskEvent[] events) =>
        Scenario.Task(events).When(new RemindTask()).Then(new TaskReminded(due, "ann"));

    private static void AssertSilent(params TaskEvent[] events) => Scenario.Task(events).When(new RemindTask()).Unchanged();
}
