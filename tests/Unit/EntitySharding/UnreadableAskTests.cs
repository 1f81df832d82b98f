using System.Text;
using System.Text.Json;
using AkkaScale.Domain.Tasks;
using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Tests.Unit.EntitySharding;

/// <summary>An ask that cannot be read is not lost, as long as it tells whom it is for.</summary>
public sealed class UnreadableAskTests(SerializerUnderTest subject) : IClassFixture<SerializerUnderTest>
{
    private const string Rest = "\"commandId\":\"019d3c1a7b2e7c3d8e4f5a6b7c8d9e0f\",\"remaining\":1000";

    [Theory]
    [InlineData("ask@1", "\"command\":{\"$type\":\"unheard-of\"}," + Rest)]
    [InlineData("ask@1", "\"command\":{\"$type\":\"rename\"}," + Rest)]
    [InlineData("ask@1", "\"command\":5," + Rest)]
    [InlineData("ask@1", Rest)]
    [InlineData("ask@1", "\"command\":{\"$type\":\"get\"}")]
    [InlineData("ask@1", "\"command\":{\"$type\":\"get\"},\"commandId\":\"1\",\"remaining\":1000")]
    [InlineData("ask@1", "\"command\":{\"$type\":\"get\"},\"remaining\":\"soon\"," + Rest)]
    [InlineData("ask@1", "\"command\":{\"$type\":\"get\"},\"remaining\":9223372036854775807")]
    [InlineData("ask@1", "\"command\":{\"$type\":\"get\"")]
    [InlineData("ask@2", "\"anything\":[]")]
    public void It_becomes_a_message_that_is_routed_to_its_entity_and_passed_on_as_it_came(string manifest, string rest)
    {
        var bytes = Encoding.UTF8.GetBytes($"{{\"kind\":\"task\",\"id\":\"t-1\",{rest}}}");
        var read = Assert.IsType<UnreadableAsk>(subject.Serializer.FromBinary(bytes, manifest));
        Assert.Equal(new EntityKey("task", "t-1"), read.Entity);
        Assert.NotEmpty(read.Detail);
        Assert.Equal(manifest, subject.Serializer.Manifest(read));
        Assert.Equal(bytes, subject.Serializer.ToBinary(read));
    }

    [Fact]
    public void So_does_one_for_a_kind_that_is_not_known_here()
    {
        var bytes = Encoding.UTF8.GetBytes($"{{\"kind\":\"cart\",\"id\":\"t-1\",{Rest}}}");
        Assert.Equal(new EntityKey("cart", "t-1"), Assert.IsType<UnreadableAsk>(subject.Serializer.FromBinary(bytes, "ask@1")).Entity);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"kind\":\"task\"}")]
    [InlineData("{\"kind\":5,\"id\":\"t-1\"}")]
    public void Without_an_entity_there_is_nobody_to_answer(string json) =>
        Assert.ThrowsAny<JsonException>(() => subject.Serializer.FromBinary(Encoding.UTF8.GetBytes(json), "ask@1"));

    [Fact]
    public void The_deadline_travels_as_what_remains()
    {
        var ask = new EntityAsk(new EntityKey("task", "t-1"), new GetTask(), Guid.NewGuid(), subject.Time.Now + TimeSpan.FromSeconds(2));
        var bytes = subject.Serializer.ToBinary(ask);
        var before = subject.Time.Now;
        try
        {
            subject.Time.Now = TimeSpan.FromSeconds(5_000);
            Assert.Equal(
                ask with { Deadline = TimeSpan.FromSeconds(5_002) }, subject.Serializer.FromBinary(bytes, "ask@1"));
        }
        finally
        {
            subject.Time.Now = before;
        }
    }
}
