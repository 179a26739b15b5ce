using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

public sealed class BriefMemoryTests
{
    private readonly FakeTimeProvider _clock = new();
    private int _reads;

    [Fact]
    public async Task What_is_fresh_is_read_once_and_what_is_not_or_is_forgotten_again()
    {
        var memory = new BriefMemory<string, int>(TimeSpan.FromSeconds(5), 10, _clock);
        Assert.Equal((1, 1), (await GetAsync(memory), await GetAsync(memory)));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((2, 2), (await GetAsync(memory), await GetAsync(memory)));
        memory.Forget("another");
        Assert.Equal(2, await GetAsync(memory));
        memory.Forget("a");
        Assert.Equal(3, await GetAsync(memory));
        Assert.Equal(4, await GetAsync(memory, known => known > 3));
    }

    [Fact]
    public async Task What_is_changed_while_it_is_read_is_not_kept()
    {
        var memory = new BriefMemory<string, int>(TimeSpan.FromSeconds(5), 10, _clock);

        var before = await memory.GetAsync(
            "a",
            _ =>
            {
                memory.Forget("a");
                return Task.FromResult(7);
            },
            CancellationToken.None
        );

        Assert.Equal((7, 1), (before, await GetAsync(memory)));
    }

    private async Task<int> GetAsync(BriefMemory<string, int> memory, Func<int, bool>? isEnough = null) =>
        await memory.GetAsync("a", _ => Task.FromResult(++_reads), CancellationToken.None, isEnough);
}
