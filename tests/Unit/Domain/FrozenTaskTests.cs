using AkkaScale.Domain.Tasks;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

public sealed class FrozenTaskTests
{
    private static readonly DateTimeOffset Due = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TaskCreated Created = new("apollo", "Launch", Priority.Normal, [], "root");
    private static readonly TaskFrozen Frozen = new("root");

    public static TheoryData<TaskCommand> Changes =>
    [
        new RenameTask("Land"), new RenameTask("Launch"), new DescribeTask("How"), new PrioritizeTask(Priority.High), new ScheduleTask(Due),
        new LabelTask(["a"], []), new AssignTask("mia"), new UnassignTask(), new CommentOnTask("Go"), new StartTask(), new CompleteTask(),
        new ReopenTask(), new MoveTask("gemini"),
    ];

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_task_of_an_archived_project_takes_no_change(TaskCommand command)
    {
        Scenario.Task(Created, Frozen).When(command).Refused("project/archived");
        Scenario.Task(Created, new TaskCompleted("root"), Frozen).When(command).Refused("project/archived");
    }

    [Fact]
    public void It_is_read_and_deleted_and_created_again_as_ever()
    {
        Scenario.Task(Created, Frozen).When(new GetTask()).Unchanged();
        Scenario.Task(Created, Frozen).When(new CreateTask("apollo", "Launch", Priority.Normal, [])).Unchanged();
        Scenario.Task(Created, Frozen).When(new CreateTask("apollo", "Land", Priority.Normal, [])).Refused("task/exists");
        var deleted = Scenario.Task(Created, Frozen).When(new DeleteTask()).Then(new TaskDeleted("ann"));
        Assert.False(deleted.Frozen);
    }

    [Fact]
    public void It_thaws_and_callers_see_no_change_of_it()
    {
        var task = Scenario.Task(Created);
        var before = TaskEntity.View(task.State, "id-1", 1);
        Assert.True(task.When(new FreezeTask("apollo")).Then(new TaskFrozen("ann")).Frozen);
        task.When(new FreezeTask("apollo")).Unchanged();
        Assert.False(task.When(new UnfreezeTask("apollo")).Then(new TaskUnfrozen("ann")).Frozen);
        task.When(new UnfreezeTask("apollo")).Unchanged();
        Assert.Equal(before with { Version = 3 }, TaskEntity.View(task.State, "id-1", 3));
        task.When(new RenameTask("Land")).Then(new TaskRenamed("Land", "ann"));
    }

    [Fact]
    public void A_word_of_a_project_that_the_task_left_changes_nothing()
    {
        var task = Scenario.Task(Created, new TaskMoved("gemini", "root"));
        task.When(new FreezeTask("apollo")).Unchanged();
        task.When(new FreezeTask("gemini")).Then(new TaskFrozen("ann"));
        task.When(new UnfreezeTask("apollo")).Unchanged();
    }
}
