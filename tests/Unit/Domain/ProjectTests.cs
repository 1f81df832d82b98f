using System.Globalization;
using AkkaScale.Domain.Projects;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

public sealed class ProjectTests
{
    private static readonly ProjectCreated Created = new("Apollo", "olga", "root");

    [Fact]
    public void Creating_makes_the_owner_a_member()
    {
        var state = Scenario.Project().When(new CreateProject("Apollo", "olga")).Then(new ProjectCreated("Apollo", "olga", "ann"));

        Assert.True(state.Exists);
        Assert.Equal("olga", state.Owner);
        Assert.Equal([new Member("olga", MemberRole.Owner)], state.Members);
    }

    [Fact]
    public void Creating_again_with_the_same_values_changes_nothing()
    {
        Scenario.Project(Created).When(new CreateProject("Apollo", "olga")).Unchanged();
        Scenario.Project(Created, new ProjectArchived("ann")).When(new CreateProject("Apollo", "olga")).Unchanged();
    }

    [Theory]
    [InlineData("Gemini", "olga")]
    [InlineData("Apollo", "otto")]
    public void Creating_again_with_other_values_is_refused(string name, string owner) =>
        Scenario.Project(Created).When(new CreateProject(name, owner)).Refused("project/exists");

    [Fact]
    public void Renaming_changes_the_name()
    {
        var state = Scenario.Project(Created).When(new RenameProject("Gemini")).Then(new ProjectRenamed("Gemini", "ann"));
        Assert.Equal("Gemini", state.Name);
        Assert.Equal("olga", state.Owner);
    }

    [Fact]
    public void Renaming_to_the_name_it_has_changes_nothing() =>
        Scenario.Project(Created).When(new RenameProject("Apollo")).Unchanged();

    [Fact]
    public void Archiving_and_restoring_are_there_and_back()
    {
        var project = Scenario.Project(Created);
        Assert.True(project.When(new ArchiveProject()).Then(new ProjectArchived("ann")).Archived);
        project.When(new ArchiveProject()).Unchanged();
        Assert.False(project.When(new RestoreProject()).Then(new ProjectRestored("ann")).Archived);
        project.When(new RestoreProject()).Unchanged();
    }

    [Fact]
    public void An_archived_project_takes_no_change_and_no_task()
    {
        var project = Scenario.Project(Created, new ProjectArchived("ann"));
        project.When(new RenameProject("Gemini")).Refused("project/archived");
        project.When(new SetMember("mia", MemberRole.Viewer)).Refused("project/archived");
        project.When(new RemoveMember("olga")).Refused("project/archived");
        project.When(new CheckProjectTakesTasks()).Refused("project/archived");
        project.When(new GetProject()).Unchanged();
    }

    [Fact]
    public void A_project_that_is_there_takes_tasks() => Scenario.Project(Created).When(new CheckProjectTakesTasks()).Unchanged();

    public static TheoryData<ProjectCommand> AllButCreate =>
    [
        new RenameProject("Gemini"), new ArchiveProject(), new RestoreProject(), new SetMember("mia", MemberRole.Owner),
        new RemoveMember("mia"), new GetProject(), new CheckProjectTakesTasks(),
    ];

    [Theory]
    [MemberData(nameof(AllButCreate))]
    public void A_project_that_was_never_created_is_not_found(ProjectCommand command) =>
        Scenario.Project().When(command).Refused("project/not-found");

    [Theory]
    [InlineData(MemberRole.Viewer)]
    [InlineData(MemberRole.Editor)]
    [InlineData(MemberRole.Owner)]
    public void A_member_is_added_with_a_role_and_the_owner_stays(MemberRole role)
    {
        var state = Scenario.Project(Created).When(new SetMember("mia", role)).Then(new MemberAdded("mia", role, "ann"));
        Assert.Equal([new Member("mia", role), new Member("olga", MemberRole.Owner)], state.Members);
        Assert.Equal("olga", state.Owner);
    }

    [Fact]
    public void A_member_gets_another_role_and_setting_it_again_changes_nothing()
    {
        var project = Scenario.Project(Created, new MemberAdded("mia", MemberRole.Viewer, "root"));
        var state = project.When(new SetMember("mia", MemberRole.Editor)).Then(new MemberRoleChanged("mia", MemberRole.Editor, "ann"));
        Assert.Equal(MemberRole.Editor, state.Members.RoleOf("mia"));
        project.When(new SetMember("mia", MemberRole.Editor)).Unchanged();
    }

    [Fact]
    public void A_member_is_removed_and_removing_a_stranger_changes_nothing()
    {
        var project = Scenario.Project(Created, new MemberAdded("mia", MemberRole.Viewer, "root"));
        var state = project.When(new RemoveMember("mia")).Then(new MemberRemoved("mia", "ann"));
        Assert.Equal([new Member("olga", MemberRole.Owner)], state.Members);
        project.When(new RemoveMember("mia")).Unchanged();
    }

    [Fact]
    public void The_last_owner_stays()
    {
        var project = Scenario.Project(Created, new MemberAdded("mia", MemberRole.Editor, "root"));
        project.When(new RemoveMember("olga")).Refused("project/last-owner");
        project.When(new SetMember("olga", MemberRole.Viewer)).Refused("project/last-owner");
        project.When(new SetMember("olga", MemberRole.Owner)).Unchanged();
    }

    [Fact]
    public void An_owner_who_is_not_the_last_may_go_and_the_first_by_id_follows()
    {
        var project = Scenario.Project(
            Created, new MemberAdded("zoe", MemberRole.Owner, "root"), new MemberAdded("mia", MemberRole.Owner, "root"));
        Assert.Equal("mia", project.When(new RemoveMember("olga")).Then(new MemberRemoved("olga", "ann")).Owner);
        Assert.Equal("zoe", project.When(new SetMember("mia", MemberRole.Editor)).Then(new MemberRoleChanged("mia", MemberRole.Editor, "ann")).Owner);
        project.When(new RemoveMember("zoe")).Refused("project/last-owner");
    }

    [Fact]
    public void A_thousand_members_are_enough()
    {
        var project = Scenario.Project(Created);
        for (var i = 1; i < 1_000; i++)
        {
            project.Given(new MemberAdded(i.ToString("d4", CultureInfo.InvariantCulture), MemberRole.Viewer, "root"));
        }

        project.When(new SetMember("one-more", MemberRole.Viewer)).Refused("project/too-many-members");
        project.When(new SetMember("0500", MemberRole.Editor)).Then(new MemberRoleChanged("0500", MemberRole.Editor, "ann"));
        project.When(new RemoveMember("0001")).Then(new MemberRemoved("0001", "ann"));
        project.When(new SetMember("one-more", MemberRole.Viewer)).Then(new MemberAdded("one-more", MemberRole.Viewer, "ann"));
        Assert.Equal(1_000, project.State.Members.Count);
    }

    [Fact]
    public void Malformed_values_are_refused()
    {
        Scenario.Project().When(new CreateProject("", "olga")).Refused("request/name");
        Scenario.Project().When(new CreateProject("Apollo", "a/b")).Refused("request/id");
        Scenario.Project(Created).When(new RenameProject("a\0b")).Refused("request/name");
        Scenario.Project(Created).When(new SetMember("..", MemberRole.Viewer)).Refused("request/id");
        Scenario.Project(Created).When(new SetMember("mia", (MemberRole)9)).Refused("request/role");
        Scenario.Project(Created).When(new RemoveMember("")).Refused("request/id");
    }

    [Fact]
    public void A_history_that_cannot_be_is_not_folded()
    {
        Assert.Throws<InvalidOperationException>(() => Scenario.Project(new ProjectArchived("ann")));
        Assert.Throws<InvalidOperationException>(() => Scenario.Project(Created, Created));
        Assert.Throws<InvalidOperationException>(() => ProjectEntity.Evolve(ProjectState.Initial, Created, new("id-1", 2, default)));
    }
}
