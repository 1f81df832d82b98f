using AkkaScale.Domain.Projects;
using AkkaScale.Domain.Tasks;
using AkkaScale.Domain.Validation;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

public sealed class LimitsTests
{
    private const string Rocket = "\U0001F680";

    [Theory]
    [InlineData("t-1")]
    [InlineData("...")]
    [InlineData(" ")]
    [InlineData("'; DROP TABLE journal; --")]
    [InlineData("\u00e9t\u00e9")]
    [InlineData("%2F")]
    public void An_ordinary_id_is_taken(string id) => Assert.Null(Limits.CheckId(id));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u007fb")]
    [InlineData("a\u0085b")]
    [InlineData("e\u0301")]
    public void An_id_that_could_be_mistaken_is_refused(string? id) =>
        Assert.Equal("request/id", Limits.CheckId(id)?.Code);

    [Fact]
    public void Lengths_of_ids_names_and_labels_count_characters_not_code_units()
    {
        Assert.Null(Limits.CheckId(Repeat(Rocket, 255)));
        Assert.Equal("request/id", Limits.CheckId(Repeat(Rocket, 256))?.Code);
        Assert.Equal("request/id", Limits.CheckId(new string('a', 256))?.Code);
        Assert.Null(Limits.CheckName(Repeat(Rocket, 500)));
        Assert.Equal("request/name", Limits.CheckName(Repeat(Rocket, 501))?.Code);
        Assert.Null(Limits.CheckTitle(new string('a', 500)));
        Assert.Equal("request/title", Limits.CheckTitle(new string('a', 501))?.Code);
        Assert.Null(Limits.CheckLabels([Repeat(Rocket, 64)]));
        Assert.Equal("request/labels", Limits.CheckLabels([Repeat(Rocket, 65)])?.Code);
        Assert.Null(Limits.CheckEmail("a@" + new string('b', 252)));
        Assert.Equal("request/email", Limits.CheckEmail("a@" + new string('b', 253))?.Code);
    }

    [Fact]
    public void Lengths_of_descriptions_and_comments_count_bytes()
    {
        Assert.Null(Limits.CheckDescription(new string('a', 65_536)));
        Assert.Null(Limits.CheckDescription(Repeat(Rocket, 16_384)));
        Assert.Equal("request/description", Limits.CheckDescription(Repeat(Rocket, 16_384) + "a")?.Code);
        Assert.Equal("request/description", Limits.CheckDescription(new string('a', 65_537))?.Code);
        Assert.Null(Limits.CheckComment(new string('\u00e9', 8_192)));
        Assert.Equal("request/text", Limits.CheckComment(new string('\u00e9', 8_192) + "a")?.Code);
    }

    [Fact]
    public void Nothing_where_something_is_needed_is_refused()
    {
        Assert.Equal("request/name", Limits.CheckName(null)?.Code);
        Assert.Equal("request/title", Limits.CheckTitle(" \u00a0")?.Code);
        Assert.Equal("request/text", Limits.CheckComment(null)?.Code);
        Assert.Equal("request/labels", Limits.CheckLabels(null)?.Code);
        Assert.Equal("request/labels", Limits.CheckLabels([" "])?.Code);
        Assert.Null(Limits.CheckEmail(null));
        Assert.Null(Limits.CheckDescription(null));
    }

    [Fact]
    public void No_text_may_hold_NUL_or_half_a_pair()
    {
        foreach (var bad in new[] { "a\0", "\ud83d", "\ude80", "a\ud83db", "\ude80\ud83d" })
        {
            Assert.Equal("request/id", Limits.CheckId(bad)?.Code);
            Assert.Equal("request/name", Limits.CheckName(bad)?.Code);
            Assert.Equal("request/title", Limits.CheckTitle(bad)?.Code);
            Assert.Equal("request/description", Limits.CheckDescription(bad)?.Code);
            Assert.Equal("request/text", Limits.CheckComment(bad)?.Code);
            Assert.Equal("request/labels", Limits.CheckLabels(["fine", bad])?.Code);
            Assert.Equal("request/email", Limits.CheckEmail($"a@{bad}")?.Code);
        }
    }

    [Fact]
    public void The_edge_is_told_which_member_was_malformed()
    {
        Assert.Equal(
            "owner must be in Unicode normal form C, not . or .., without control characters, / and \\.",
            ProjectEntity.Validate(new CreateProject("Apollo", ".."))?.Detail);
        Assert.Equal("each of remove must have at most 64 characters.", TaskEntity.Validate(new LabelTask([], [new string('a', 65)]))?.Detail);
        Assert.Null(TaskEntity.Validate(new GetTask()));
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
