using AkkaScale.Pbm.Load.Model;
using AkkaScale.Pbm.Traces;
using Xunit;

namespace AkkaScale.Tests.Unit.Pbm;

public sealed class LoadPlanTests
{
    [Fact]
    public void Every_action_becomes_the_commands_of_the_mapping_under_stable_keys()
    {
        var plan = LoadPlan.From(TraceText.Parse("""
            ann p1 t1 create First
            bob p2 t1 edit
            bob p2 t1 rename Second
            ann p2 t1 rename Second
            ann p2 t1 close
            """));

        Assert.Equal(["trace-1-user", "trace-2-user"], plan.Users.Select(chain => chain.Next.IdempotencyKey));
        Assert.Equal(["trace-1-project", "trace-2-project"], plan.Projects.Select(chain => chain.Next.IdempotencyKey));
        Assert.Equal("bob", plan.Model.Projects["p2"].Owner);
        var task = Assert.Single(plan.Tasks);
        Assert.Equal(
            ["trace-1-create", "trace-2-comment", "trace-3-move", "trace-3-rename", "trace-5-complete"],
            task.Commands.Select(command => command.IdempotencyKey));
        Assert.Equal([1L, 2, 3, 4, 5], task.Commands.Select(command => command.Expected.Version));
        Assert.Equal(["ann", "bob", "bob", "bob", "ann"], task.Commands.Select(command => command.ActingUser));
        Assert.Equal("edit at 1700000001 (line 2)", task.Commands[1].Text);

        var read = plan.Model.Tasks["t1"];
        Assert.Equal(("p2", "Second", true, 5L, 1), (read.Project, read.Title, read.Done, read.Version, read.Comments.Count));
        Assert.Equal(new ModelComment(2, "bob", "edit at 1700000001 (line 2)"), read.Comments[0]);
    }

    [Fact]
    public void A_create_again_with_the_present_values_is_unchanged_and_with_others_refused()
    {
        var plan = LoadPlan.From(TraceText.Parse("""
            ann p1 t1 create First
            ann p1 t1 create First
            ann p1 t1 rename Second
            ann p1 t1 create First
            ann p1 t1 create Second
            """));

        var expected = plan.Tasks[0].Commands.Select(command => command.Expected).ToList();
        Assert.Equal(ExpectedAnswer.Unchanged(1), expected[1]);
        Assert.Equal(ExpectedAnswer.Refused("task/exists", 2), expected[3]);
        Assert.Equal(ExpectedAnswer.Unchanged(2), expected[4]);
    }

    [Fact]
    public void An_action_before_the_create_is_refused_once_and_changes_nothing()
    {
        var plan = LoadPlan.From(TraceText.Parse("""
            ann p1 t1 edit
            ann p1 t1 rename Early
            ann p1 t1 close
            ann p1 t1 create First
            """));

        Assert.Equal(
            [(LoadStep.Comment, "task/not-found"), (LoadStep.Move, "task/not-found"), (LoadStep.Complete, "task/not-found"), (LoadStep.Create, null)],
            plan.Tasks[0].Commands.Select(command => (command.Step, command.Expected.Code)));
        Assert.Equal(1, plan.Model.Tasks["t1"].Version);
    }

    [Fact]
    public void A_done_task_takes_comments_and_refuses_move_rename_and_complete()
    {
        var plan = LoadPlan.From(TraceText.Parse("""
            ann p1 t1 create First
            ann p1 t1 close
            ann p1 t1 edit
            ann p2 t1 rename Second
            ann p1 t1 rename Second
            ann p1 t1 close
            """));

        Assert.Equal(
            [(LoadStep.Comment, null), (LoadStep.Move, "task/already-done"), (LoadStep.Rename, "task/already-done"), (LoadStep.Complete, "task/already-done")],
            plan.Tasks[0].Commands.Skip(2).Select(command => (command.Step, command.Expected.Code)));
        var task = plan.Model.Tasks["t1"];
        Assert.Equal(("p1", "First", 3L), (task.Project, task.Title, task.Version));
    }

    [Fact]
    public void A_rename_that_names_what_is_already_there_sends_nothing()
    {
        var plan = LoadPlan.From(TraceText.Parse("""
            ann p1 t1 create First
            ann p1 t1 rename First
            """));

        Assert.Single(plan.Tasks[0].Commands);
    }

    [TraceDataFact]
    public void The_real_trace_folds_to_the_figures_of_its_description()
    {
        var actions = TraceReader.ReadFile(TraceDataFile.Path!).ToList();
        var plan = LoadPlan.From(actions);

        Assert.Equal(64_463, plan.Actions);
        Assert.Equal((485, 1_494, 9_671), (plan.Users.Count, plan.Projects.Count, plan.Tasks.Count));
        Assert.Equal(272, actions.GroupBy(action => action.Task).Max(task => task.Count()));
        Assert.Equal(1_135, actions.GroupBy(action => action.Project).Max(project => project.Count()));
        Assert.Equal(45, plan.ExpectedRefusals.Values.Sum());
        Assert.Equal(39, plan.ExpectedRefusals.Where(refusal => refusal.Key.Code == "task/not-found").Sum(refusal => refusal.Value));
        Assert.Equal(4, plan.ExpectedRefusals[(LoadStep.Move, "task/already-done")]);
        Assert.Equal(2, plan.ExpectedRefusals[(LoadStep.Complete, "task/already-done")]);

        var commands = plan.Tasks.SelectMany(task => task.Commands).ToList();
        Assert.Equal(46, commands.Count(command => command.Step == LoadStep.Create && !command.Expected.Changed));
        Assert.Equal(4_980 + 150, commands.Count(command => command.Step == LoadStep.Move && !command.Expected.IsRefusal));
        Assert.Equal(215 + 150, commands.Count(command => command.Step == LoadStep.Rename && !command.Expected.IsRefusal));
    }
}
