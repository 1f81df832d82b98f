using AkkaScale.Domain.Users;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

public sealed class UserTests
{
    private static readonly UserRegistered Registered = new("Ann", "root", "ann@example.org");

    [Fact]
    public void Registering_records_name_email_and_who_did_it()
    {
        var state = Scenario.User().When(new RegisterUser("Ann", "ann@example.org")).Then(new UserRegistered("Ann", "ann", "ann@example.org"));

        Assert.Equal(
            new UserView("id-1", 1, "Ann", "ann@example.org", At(1), At(1)),
            UserEntity.View(state, "id-1", 1));
    }

    [Fact]
    public void Registering_again_with_the_same_values_changes_nothing() =>
        Scenario.User(Registered).When(new RegisterUser("Ann", "ann@example.org")).Unchanged();

    [Theory]
    [InlineData("Anna", "ann@example.org")]
    [InlineData("Ann", "anna@example.org")]
    [InlineData("Ann", null)]
    public void Registering_again_with_other_values_is_refused(string name, string? email) =>
        Scenario.User(Registered).When(new RegisterUser(name, email)).Refused("user/exists");

    [Fact]
    public void Renaming_changes_the_name_alone()
    {
        var state = Scenario.User(Registered).When(new RenameUser("Anna")).Then(new UserRenamed("Anna", "ann"));

        Assert.Equal(
            new UserView("id-1", 2, "Anna", "ann@example.org", At(1), At(2)),
            UserEntity.View(state, "id-1", 2));
    }

    [Fact]
    public void Renaming_to_the_name_it_has_changes_nothing() =>
        Scenario.User(Registered).When(new RenameUser("Ann")).Unchanged();

    [Fact]
    public void Reading_a_user_changes_nothing() => Scenario.User(Registered).When(new GetUser()).Unchanged();

    [Fact]
    public void A_user_who_never_registered_is_not_found()
    {
        Scenario.User().When(new GetUser()).Refused("user/not-found");
        Scenario.User().When(new RenameUser("Ann")).Refused("user/not-found");
    }

    [Theory]
    [InlineData("", null, "request/name")]
    [InlineData(" \t", null, "request/name")]
    [InlineData("A\0nn", null, "request/name")]
    [InlineData("Ann", "", "request/email")]
    [InlineData("Ann", "ann", "request/email")]
    [InlineData("Ann", "@example.org", "request/email")]
    [InlineData("Ann", "ann@", "request/email")]
    [InlineData("Ann", "a\0@b", "request/email")]
    public void Malformed_values_are_refused_before_any_rule(string name, string? email, string code)
    {
        Scenario.User().When(new RegisterUser(name, email)).Refused(code);
        Scenario.User(Registered).When(new RegisterUser(name, email)).Refused(code);
    }

    [Fact]
    public void Renaming_to_a_malformed_name_is_refused() =>
        Scenario.User(Registered).When(new RenameUser(new string('a', 501))).Refused("request/name");

    [Fact]
    public void A_history_that_cannot_be_is_not_folded()
    {
        Assert.Throws<InvalidOperationException>(() => Scenario.User(new UserRenamed("Ann", "ann")));
        Assert.Throws<InvalidOperationException>(() => Scenario.User(Registered, Registered));
        Assert.Throws<InvalidOperationException>(() => UserEntity.Evolve(UserState.Initial, Registered, new("id-1", 2, At(2))));
    }

    private static DateTimeOffset At(long sequenceNr) => Scenario<UserState, UserCommand, UserEvent>.TimeOf(sequenceNr);
}
