using System.Globalization;
using AkkaScale.Domain.Tasks;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

public sealed class TaskTests
{
    private static readonly DateTimeOffset Due = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TaskCreated Created = new("apollo", "Launch", Priority.Normal, [], "root");
    private static readonly TaskCompleted Completed = new("root");
    private static readonly CreateTask Create = new("apollo", "Launch", Priority.Normal, []);

    public static TheoryData<TaskCommand> AllButCreate =>
    [
        new RenameTask("Land"), new DescribeTask("How"), new PrioritizeTask(Priority.High), new ScheduleTask(Due),
        new LabelTask(["a"], []), new AssignTask("mia"), new UnassignTask(), new CommentOnTask("Go"), new StartTask(),
        new CompleteTask(), new ReopenTask(), new MoveTask("gemini"), new DeleteTask(), new GetTask(),
        new FreezeTask("apollo"), new UnfreezeTask("apollo"), new RemindTask(),
    ];

    [Fact]
    public void Creating_records_everything_and_who_did_it()
    {
        var due = new DateTimeOffset(2026, 4, 1, 2, 0, 0, TimeSpan.FromHours(2));
        var state = Scenario.Task()
            .When(new CreateTask("apollo", "Launch", Priority.High, ["b", "a", "b"], "Soon", due))
            .Then(new TaskCreated("apollo", "Launch", Priority.High, ["a", "b"], "ann", "Soon", Due));

        var view = TaskEntity.View(state, "id-1", 1);
        Assert.Equal(["a", "b"], view.Labels);
        Assert.Equal(TimeSpan.Zero, view.Due!.Value.Offset);
        Assert.Equal(
            new TaskView(
                "id-1", 1, "apollo", "Launch", "Soon", Priority.High, Due, view.Labels, null, WorkStatus.Open, 0, "ann", At(1), At(1)),
            view);
    }

    [Fact]
    public void Creating_again_with_the_values_it_has_changes_nothing()
    {
        Scenario.Task(Created).When(Create).Unchanged();
        Scenario.Task(Created).When(Create with { Description = "" }).Unchanged();
        Scenario.Task(Created, Completed).When(Create).Unchanged();
        Scenario.Task(Created, new TaskRenamed("Land", "root")).When(Create with { Title = "Land" }).Unchanged();
    }

    [Fact]
    public void Creating_again_with_other_values_is_refused()
    {
        Scenario.Task(Created).When(Create with { Project = "gemini" }).Refused("task/exists");
        Scenario.Task(Created).When(Create with { Title = "Land" }).Refused("task/exists");
        Scenario.Task(Created).When(Create with { Description = "How" }).Refused("task/exists");
        Scenario.Task(Created).When(Create with { Priority = Priority.Low }).Refused("task/exists");
        Scenario.Task(Created).When(Create with { Due = Due }).Refused("task/exists");
        Scenario.Task(Created).When(Create with { Labels = ["a"] }).Refused("task/exists");
        Scenario.Task(Created, new TaskRenamed("Land", "root")).When(Create).Refused("task/exists");
    }

    [Theory]
    [MemberData(nameof(AllButCreate))]
    public void A_task_that_was_never_created_is_not_found(TaskCommand command) =>
        Scenario.Task().When(command).Refused("task/not-found");

    [Theory]
    [MemberData(nameof(AllButCreate))]
    public void A_deleted_task_refuses_everything(TaskCommand command) =>
        Scenario.Task(Created, new TaskDeleted("root")).When(command).Refused("task/deleted");

    [Fact]
    public void The_id_of_a_deleted_task_is_not_used_again() =>
        Scenario.Task(Created, new TaskDeleted("root")).When(Create).Refused("task/deleted");

    [Fact]
    public void Deleting_leaves_a_tombstone_without_the_content()
    {
        var state = Scenario.Task(
                new TaskCreated("apollo", "Launch", Priority.High, ["a"], "root", "Soon", Due), new TaskAssigned("mia", "root"))
            .When(new DeleteTask())
            .Then(new TaskDeleted("ann"));

        Assert.True(state.Exists);
        Assert.True(state.Deleted);
        Assert.Equal(("apollo", "Launch"), (state.Project, state.Title));
        Assert.Equal((null, null, null, 0), (state.Description, state.Due, state.Assignee, state.Labels.Count));
    }

    [Fact]
    public void Reading_a_task_changes_nothing()
    {
        Scenario.Task(Created).When(new GetTask()).Unchanged();
        Scenario.Task(Created, Completed).When(new GetTask()).Unchanged();
    }

    [Fact]
    public void A_task_is_renamed_described_prioritized_and_moved()
    {
        var task = Scenario.Task(Created);
        Assert.Equal("Land", task.When(new RenameTask("Land")).Then(new TaskRenamed("Land", "ann")).Title);
        Assert.Equal("How", task.When(new DescribeTask("How")).Then(new TaskDescribed("ann", "How")).Description);
        Assert.Equal(Priority.Urgent, task.When(new PrioritizeTask(Priority.Urgent)).Then(new TaskPrioritized(Priority.Urgent, "ann")).Priority);
        Assert.Equal("gemini", task.When(new MoveTask("gemini")).Then(new TaskMoved("gemini", "ann")).Project);
        Assert.Equal(At(5), task.State.UpdatedAt);
        Assert.Equal(At(1), task.State.CreatedAt);

        task.When(new RenameTask("Land")).Unchanged();
        task.When(new DescribeTask("How")).Unchanged();
        task.When(new PrioritizeTask(Priority.Urgent)).Unchanged();
        task.When(new MoveTask("gemini")).Unchanged();
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Describing_with_nothing_clears_the_description(string? nothing)
    {
        var task = Scenario.Task(Created, new TaskDescribed("root", "How"));
        Assert.Null(task.When(new DescribeTask(nothing)).Then(new TaskDescribed("ann")).Description);
        task.When(new DescribeTask(nothing)).Unchanged();
    }

    [Fact]
    public void A_due_time_is_set_in_UTC_and_cleared()
    {
        var task = Scenario.Task(Created);
        var state = task.When(new ScheduleTask(Due.ToOffset(TimeSpan.FromHours(5)))).Then(new TaskScheduled("ann", Due));
        Assert.Equal(Due, state.Due);
        task.When(new ScheduleTask(Due.ToOffset(TimeSpan.FromHours(-3)))).Unchanged();
        Assert.Null(task.When(new ScheduleTask()).Then(new TaskScheduled("ann")).Due);
        task.When(new ScheduleTask()).Unchanged();
    }

    [Fact]
    public void Labels_are_added_and_removed_and_only_what_changes_is_recorded()
    {
        var task = Scenario.Task(Created);
        Assert.Equal(["a", "b"], task.When(new LabelTask(["b", "a"], ["x"])).Then(new TaskLabelled(["a", "b"], [], "ann")).Labels);
        Assert.Equal(["b", "c"], task.When(new LabelTask(["b", "c"], ["a"])).Then(new TaskLabelled(["c"], ["a"], "ann")).Labels);
        task.When(new LabelTask(["b"], ["a"])).Unchanged();
        task.When(new LabelTask([], [])).Unchanged();
        task.When(new LabelTask(["b"], ["b"])).Unchanged();
    }

    [Fact]
    public void Fifty_labels_are_enough()
    {
        LabelSet fifty = [.. Enumerable.Range(0, 50).Select(i => i.ToString("d2", CultureInfo.InvariantCulture))];
        Scenario.Task().When(Create with { Labels = [.. fifty, "one more"] }).Refused("request/labels");
        var task = Scenario.Task();
        task.When(Create with { Labels = fifty }).Then(new TaskCreated("apollo", "Launch", Priority.Normal, fifty, "ann"));
        task.When(new LabelTask(["one more"], [])).Refused("task/too-many-labels");
        task.When(new LabelTask(["one more"], ["07"])).Then(new TaskLabelled(["one more"], ["07"], "ann"));
        Assert.Equal(50, task.State.Labels.Count);
    }

    [Fact]
    public void A_task_is_assigned_reassigned_and_unassigned()
    {
        var task = Scenario.Task(Created);
        task.When(new UnassignTask()).Unchanged();
        Assert.Equal("mia", task.When(new AssignTask("mia")).Then(new TaskAssigned("mia", "ann")).Assignee);
        task.When(new AssignTask("mia")).Unchanged();
        Assert.Equal("leo", task.When(new AssignTask("leo")).Then(new TaskAssigned("leo", "ann")).Assignee);
        Assert.Null(task.When(new UnassignTask()).Then(new TaskUnassigned("ann")).Assignee);
    }

    [Fact]
    public void A_task_goes_from_open_over_in_progress_to_done_and_back()
    {
        var task = Scenario.Task(Created);
        task.When(new ReopenTask()).Unchanged();
        Assert.Equal(WorkStatus.InProgress, task.When(new StartTask()).Then(new TaskStarted("ann")).Status);
        task.When(new StartTask()).Unchanged();
        task.When(new ReopenTask()).Unchanged();
        Assert.Equal(WorkStatus.Done, task.When(new CompleteTask()).Then(new TaskCompleted("ann")).Status);
        Assert.Equal(WorkStatus.Open, task.When(new ReopenTask()).Then(new TaskReopened("ann")).Status);
    }

    [Fact]
    public void An_open_task_may_be_completed_straight_away() =>
        Assert.Equal(WorkStatus.Done, Scenario.Task(Created).When(new CompleteTask()).Then(new TaskCompleted("ann")).Status);

    public static TheoryData<TaskCommand> RefusedWhenDone =>
    [
        new RenameTask("Land"), new RenameTask("Launch"), new MoveTask("gemini"), new MoveTask("apollo"),
        new AssignTask("mia"), new StartTask(), new CompleteTask(),
    ];

    [Theory]
    [MemberData(nameof(RefusedWhenDone))]
    public void A_done_task_refuses_until_it_is_reopened(TaskCommand command) =>
        Scenario.Task(Created, Completed).When(command).Refused("task/already-done");

    [Fact]
    public void A_done_task_takes_comments_and_everything_else()
    {
        var task = Scenario.Task(Created, new TaskAssigned("mia", "root"), Completed);
        task.When(new CommentOnTask("Well done")).Then(new TaskCommented("Well done", "ann"));
        task.When(new DescribeTask("How")).Then(new TaskDescribed("ann", "How"));
        task.When(new PrioritizeTask(Priority.Low)).Then(new TaskPrioritized(Priority.Low, "ann"));
        task.When(new ScheduleTask(Due)).Then(new TaskScheduled("ann", Due));
        task.When(new LabelTask(["a"], [])).Then(new TaskLabelled(["a"], [], "ann"));
        task.When(new UnassignTask()).Then(new TaskUnassigned("ann"));
        task.When(new ReopenTask()).Then(new TaskReopened("ann"));
        task.When(new RenameTask("Land")).Then(new TaskRenamed("Land", "ann"));
    }

    [Fact]
    public void Ten_thousand_comments_leave_the_state_as_small_as_one()
    {
        var task = Scenario.Task(Created);
        for (var i = 1; i <= 10_000; i++)
        {
            task.Given(new TaskCommented(new string('x', 100), "root"));
        }

        Assert.Equal(10_000, task.State.CommentCount);
        Assert.Equal(
            TaskJsonLength(task.State with { CommentCount = 10_000, UpdatedAt = At(2) }),
            TaskJsonLength(Scenario.Task(Created, new TaskCommented("x", "root")).State with { CommentCount = 10_000 }));
        task.When(new CommentOnTask("once more")).Then(new TaskCommented("once more", "ann"));
    }

    [Fact]
    public void Malformed_values_are_refused()
    {
        Scenario.Task().When(Create with { Project = "a/b" }).Refused("request/id");
        Scenario.Task().When(Create with { Title = "" }).Refused("request/title");
        Scenario.Task().When(Create with { Description = "\0" }).Refused("request/description");
        Scenario.Task().When(Create with { Priority = (Priority)9 }).Refused("request/priority");
        Scenario.Task().When(Create with { Labels = [""] }).Refused("request/labels");
        var task = Scenario.Task(Created);
        task.When(new RenameTask(new string('a', 501))).Refused("request/title");
        task.When(new DescribeTask(new string('a', 65_537))).Refused("request/description");
        task.When(new PrioritizeTask((Priority)9)).Refused("request/priority");
        task.When(new LabelTask([new string('a', 65)], [])).Refused("request/labels");
        task.When(new LabelTask([], ["\0"])).Refused("request/labels");
        task.When(new AssignTask(".")).Refused("request/id");
        task.When(new CommentOnTask("")).Refused("request/text");
        task.When(new CommentOnTask(new string('a', 16_385))).Refused("request/text");
        task.When(new MoveTask("")).Refused("request/id");
    }

    [Fact]
    public void A_history_that_cannot_be_is_not_folded()
    {
        Assert.Throws<InvalidOperationException>(() => Scenario.Task(Completed));
        Assert.Throws<InvalidOperationException>(() => Scenario.Task(Created, Created));
        Assert.Throws<InvalidOperationException>(() => TaskEntity.Evolve(TaskState.Initial, Created, new("t-1", 2, At(2))));
        Assert.Throws<InvalidOperationException>(() => Scenario.Task(Created, new TaskDeleted("ann"), Completed));
    }

    private static int TaskJsonLength(TaskState state) =>
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(state, TaskJson.Default.TaskState).Length;

    private static DateTimeOffset At(long sequenceNr) => Scenario<TaskState, TaskCommand, TaskEvent>.TimeOf(sequenceNr);
}
